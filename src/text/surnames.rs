//! Chinese and Korean surnames: which characters are ones, and how they are read as such.

/// Readings of characters that are read otherwise as a surname than in most words (Xinhua dictionary).
const READINGS: &[(char, &str)] = &[
    ('万', "wan"),
    ('么', "yao"),
    ('乐', "yue"),
    ('乜', "nie"),
    ('仇', "qiu"),
    ('仉', "zhang"),
    ('任', "ren"),
    ('会', "gui"),
    ('冼', "xian"),
    ('单', "shan"),
    ('區', "ou"),
    ('單', "shan"),
    ('句', "gou"),
    ('员', "yun"),
    ('員', "yun"),
    ('召', "shao"),
    ('哈', "ha"),
    ('尉', "wei"),
    ('尹', "yin"),
    ('应', "ying"),
    ('應', "ying"),
    ('折', "she"),
    ('曲', "qu"),
    ('曾', "zeng"),
    ('朴', "piao"),
    ('查', "zha"),
    ('樂', "yue"),
    ('洗', "xian"),
    ('盖', "ge"),
    ('盛', "sheng"),
    ('祭', "zhai"),
    ('种', "chong"),
    ('秘', "bi"),
    ('翟', "zhai"),
    ('臧', "zang"),
    ('葛', "ge"),
    ('蓋', "ge"),
    ('薄', "bo"),
    ('行', "xing"),
    ('覃', "qin"),
    ('解', "xie"),
    ('褚', "chu"),
    ('訾', "zi"),
    ('逄', "pang"),
    ('车', "che"),
    ('車', "che"),
    ('那', "na"),
    ('郇', "xun"),
    ('郗', "xi"),
    ('都', "du"),
    ('重', "chong"),
    ('长', "zhang"),
    ('缪', "miao"),
    ('繆', "miao"),
    ('区', "ou"),
    ('佴', "nai"),
    ('隗', "wei"),
    ('黑', "he"),
    ('石', "shi"),
    ('沈', "shen"),
    ('牟', "mou"),
    ('宿', "su"),
    ('谌', "chen"),
    ('晟', "cheng"),
    ('俞', "yu"),
    ('于', "yu"),
    ('贾', "jia"),
    ('賈', "jia"),
    ('阚', "kan"),
    ('柏', "bai"),
    ('纪', "ji"),
    ('紀', "ji"),
    ('宁', "ning"),
    ('藏', "zang"),
    ('尧', "yao"),
    ('芮', "rui"),
    ('瞿', "qu"),
    ('臺', "tai"),
    ('台', "tai"),
    ('佟', "tong"),
    ('隽', "juan"),
    ('教', "jiao"),
    ('干', "gan"),
    ('相', "xiang"),
    ('过', "guo"),
    ('過', "guo"),
    ('卜', "bu"),
    ('叶', "ye"),
    ('葉', "ye"),
    ('费', "fei"),
    ('費', "fei"),
];

/// Words whose characters are read otherwise than alone: compound surnames, places and what companies are named by.
const PHRASES: &[(&str, &[&str])] = &[
    ("尉迟", &["yu", "chi"]),
    ("尉遲", &["yu", "chi"]),
    ("万俟", &["mo", "qi"]),
    ("澹台", &["tan", "tai"]),
    ("长孙", &["zhang", "sun"]),
    ("長孫", &["zhang", "sun"]),
    ("宰父", &["zai", "fu"]),
    ("单于", &["chan", "yu"]),
    ("令狐", &["ling", "hu"]),
    ("重庆", &["chong", "qing"]),
    ("重慶", &["chong", "qing"]),
    ("银行", &["yin", "hang"]),
    ("銀行", &["yin", "hang"]),
    ("长江", &["chang", "jiang"]),
    ("长城", &["chang", "cheng"]),
    ("长沙", &["chang", "sha"]),
    ("长春", &["chang", "chun"]),
    ("长安", &["chang", "an"]),
    ("音乐", &["yin", "yue"]),
    ("厦门", &["xia", "men"]),
    ("蚌埠", &["beng", "bu"]),
    ("成都", &["cheng", "du"]),
    ("首都", &["shou", "du"]),
    ("大厦", &["da", "sha"]),
    ("会计", &["kuai", "ji"]),
    ("石家庄", &["shi", "jia", "zhuang"]),
];

/// Surnames of two characters, Chinese and Korean.
const COMPOUND: &[&str] = &[
    "欧阳", "歐陽", "太史", "端木", "上官", "司马", "司馬", "东方", "東方", "独孤", "獨孤", "南宫", "南宮",
    "万俟", "闻人", "夏侯", "诸葛", "諸葛", "尉迟", "尉遲", "公羊", "赫连", "赫連", "澹台", "皇甫", "宗政",
    "濮阳", "濮陽", "公冶", "太叔", "申屠", "公孙", "公孫", "慕容", "仲孙", "仲孫", "钟离", "鍾離", "长孙",
    "長孫", "宇文", "司徒", "鲜于", "鮮于", "司空", "闾丘", "子车", "亓官", "司寇", "巫马", "公西", "颛孙",
    "壤驷", "公良", "漆雕", "乐正", "宰父", "谷梁", "拓跋", "夹谷", "轩辕", "軒轅", "令狐", "段干", "百里",
    "呼延", "东郭", "东门", "西门", "西門", "南门", "羊舌", "微生", "左丘", "第五", "纳兰", "納蘭", "完颜",
    "叶赫", "爱新", "남궁", "황보", "제갈", "사공", "선우", "서문", "독고", "동방",
];

/// The surnames of one character that nearly all Chinese and Koreans bear, simplified and traditional.
const SINGLE: &str = "赵趙钱錢孙孫李周吴吳郑鄭王冯馮陈陳褚卫衛蒋蔣沈韩韓杨楊朱秦尤许許何吕呂施张張孔曹严嚴华華金魏陶姜戚谢謝邹鄒喻柏水窦竇章云雲苏蘇潘葛奚范範彭郎鲁魯韦韋昌马馬苗凤鳳花方俞任袁柳酆鲍鮑史唐费費廉岑薛雷贺賀倪汤湯滕殷罗羅毕畢郝邬鄔安常乐樂于于傅皮卞齐齊康伍余餘元卜顾顧孟平黄黃和穆萧蕭尹姚邵湛汪祁毛禹狄米贝貝明臧计計伏成戴谈談宋茅庞龐熊纪紀舒屈项項祝董梁杜阮蓝藍闵閔席季麻强強贾賈路娄婁危江童颜顏郭梅盛林刁钟鍾鐘徐邱骆駱高夏蔡田樊胡凌霍虞万萬支柯昝管卢盧莫经經房裘缪繆干解应應宗丁宣贲邓鄧郁单單杭洪包诸諸左石崔吉钮鈕龚龔程嵇邢滑裴陆陸荣榮翁荀羊甄曲家封芮储儲靳汲邴糜松井段富巫乌烏焦巴弓牧隗山谷车車侯宓蓬全郗班仰秋仲伊宫宮宁寧仇栾欒暴甘厉厲戎祖武符刘劉景詹束龙龍叶葉幸司韶郜黎蓟薄印宿白怀懷蒲邰从從鄂索咸籍赖賴卓蔺藺屠蒙池乔喬阴陰胥能苍蒼双雙闻聞莘党黨翟谭譚贡貢劳勞逄姬申扶堵冉宰郦雍璩桑桂濮牛寿壽通边邊扈燕冀郏浦尚农農温溫别別庄莊晏柴瞿阎閻充慕连連茹习習宦艾鱼魚容向古易慎戈廖庾终居衡步都耿满滿弘匡国國文寇广廣禄祿阙東东欧歐殳沃利蔚越夔隆师師巩鞏厍聂聶晁勾敖融冷訾辛阚闞那简簡饶饒空曾毋沙乜养養鞠须須丰豐巢关關蒯相查后荆荊红紅游竺权權逯盖蓋益桓公肖谌諶仝佟付代覃区區冼楚闫闫候麦麥岳帅帥亢况郇苟牟丛叢隋初户由仉展楼樓覀展佴哈谯笪年爱阳陽商赏賞墨盘盤谯召有朴敬承原青矫尧堯炎母苑邸英揭尉种";

/// Korean surnames of one syllable.
const HANGUL: &str = "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국어은편용";

/// How a character is read as a surname, if that differs from its usual reading or needs saying.
pub(super) fn surname_reading(c: char) -> Option<&'static str> {
    READINGS.iter().find(|(name, _)| *name == c).map(|(_, reading)| *reading)
}

/// The phrase with its own reading at the start of `chars`: one reading a character.
pub(super) fn phrase_reading(chars: &[char]) -> Option<&'static [&'static str]> {
    PHRASES.iter().find(|(phrase, _)| starts_with(chars, phrase)).map(|(_, readings)| *readings)
}

fn starts_with(chars: &[char], phrase: &str) -> bool {
    let mut rest = chars.iter();
    phrase.chars().all(|c| rest.next() == Some(&c))
}

/// How many characters of a CJK name without spaces are its surname; `None` if it doesn't look like a name.
pub(super) fn surname_length(chars: &[char]) -> Option<usize> {
    let compound = chars.len() > 2 && COMPOUND.iter().any(|name| starts_with(chars, name));
    let single = |c: char| SINGLE.contains(c) || HANGUL.contains(c);
    match chars {
        [_, _, _] | [_, _, _, _] if compound => Some(2),
        [first, _] | [first, _, _] if single(*first) => Some(1),
        // A married woman's two surnames: 陈方安生.
        [first, second, _, _] if single(*first) && single(*second) => Some(2),
        _ => None,
    }
}
