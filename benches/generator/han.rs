//! Chinese names with their readings, as the people who bear them say them.

use super::rng::Rng;

/// A text and its pinyin without tones, syllables joined.
#[derive(Clone, Default)]
pub struct Han {
    /// Characters.
    pub text: String,
    /// Letters `a` to `z`.
    pub pinyin: String,
}

/// Most common first; characters that read otherwise as words (曾 单 仇 解 查 盖 区 任 朴 尉迟) among them.
const FAMILIES: &str = "王wang 李li 张zhang 刘liu 陈chen 杨yang 黄huang 赵zhao 吴wu 周zhou 徐xu 孙sun 马ma 朱zhu 胡hu 郭guo 何he 林lin 高gao 罗luo 郑zheng 梁liang 谢xie 宋song 唐tang 许xu 韩han 邓deng 冯feng 曹cao 彭peng 曾zeng 肖xiao 田tian 董dong 潘pan 袁yuan 蔡cai 蒋jiang 余yu 于yu 杜du 叶ye 程cheng 魏wei 苏su 吕lü 丁ding 任ren 卢lu 姚yao 沈shen 钟zhong 姜jiang 崔cui 谭tan 陆lu 范fan 汪wang 廖liao 石shi 金jin 韦wei 贾jia 夏xia 付fu 方fang 邹zou 熊xiong 白bai 孟meng 秦qin 邱qiu 侯hou 江jiang 尹yin 薛xue 闫yan 段duan 雷lei 龙long 黎li 史shi 陶tao 贺he 毛mao 郝hao 顾gu 龚gong 邵shao 万wan 覃qin 武wu 钱qian 戴dai 严yan 莫mo 孔kong 向xiang 常chang 欧阳ouyang 单shan 解xie 仇qiu 查zha 翟zhai 盖ge 区ou 朴piao 上官shangguan 诸葛zhuge 司马sima 尉迟yuchi 乐yue 温wen 葛ge 柳liu 骆luo 牛niu";
const MEN: &str = "伟wei 强qiang 磊lei 军jun 洋yang 勇yong 杰jie 涛tao 明ming 超chao 刚gang 平ping 辉hui 鹏peng 华hua 飞fei 鑫xin 波bo 斌bin 宇yu 浩hao 凯kai 健jian 俊jun 帆fan 帅shuai 旭xu 宁ning 龙long 林lin 阳yang 建jian 志zhi 文wen 国guo 海hai 子zi 晓xiao 天tian 永yong 家jia 振zhen 泽ze 浩hao 博bo 睿rui 轩xuan 一yi 嘉jia 思si 庆qing 德de 春chun 世shi 宏hong 光guang 乐le 长chang 重chong 行xing 和he 远yuan 东dong 峰feng 亮liang 毅yi 诚cheng 然ran 哲zhe 锋feng";
const WOMEN: &str = "芳fang 娜na 敏min 静jing 丽li 艳yan 娟juan 霞xia 秀xiu 英ying 燕yan 玲ling 梅mei 莉li 洁jie 丹dan 红hong 玉yu 萍ping 婷ting 雪xue 慧hui 颖ying 琳lin 倩qian 璐lu 晶jing 欣xin 怡yi 佳jia 雨yu 梦meng 诗shi 涵han 子zi 晓xiao 思si 文wen 美mei 淑shu 桂gui 兰lan 凤feng 云yun 春chun 心xin 语yu 彤tong 宁ning 乐le 妍yan 瑶yao 珍zhen 琴qin 月yue 曼man 露lu 薇wei 菲fei 琪qi";
const CITIES: &str = "深圳shenzhen 上海shanghai 北京beijing 广州guangzhou 杭州hangzhou 成都chengdu 南京nanjing 苏州suzhou 武汉wuhan 重庆chongqing 青岛qingdao 厦门xiamen 长沙changsha";
const BRANDS: &str = "华hua 远yuan 鼎ding 盛sheng 恒heng 泰tai 瑞rui 信xin 佳jia 创chuang 联lian 通tong 金jin 海hai 天tian 宇yu 博bo 嘉jia 明ming 德de 兴xing 隆long 和he 源yuan 广guang 达da 中zhong 正zheng 新xin 锐rui 星xing 云yun 蓝lan 图tu 安an 康kang 万wan 利li 东dong 方fang";
const TRADES: &str = "科技keji 贸易maoyi 电子dianzi 医药yiyao 食品shipin 物流wuliu 建设jianshe 文化wenhua 信息技术it 服饰fushi 机械jixie 教育jiaoyu 餐饮canyin 咨询zixun 环保huanbao 汽车qiche";

/// A surname.
pub fn family(rng: &mut Rng) -> Han {
    split(rng.pick_skewed(&words(FAMILIES)))
}

/// A given name: two characters for five people of six.
pub fn given(rng: &mut Rng, woman: bool) -> Han {
    let list = words(if woman { WOMEN } else { MEN });
    let first = split(rng.pick(&list));
    match rng.below(100) {
        0..16 => first,
        16..20 => join(&[first.clone(), first]),
        _ => join(&[first, split(rng.pick(&list))]),
    }
}

/// A company's name without its legal form.
pub fn company(rng: &mut Rng) -> Han {
    let brands = words(BRANDS);
    let brand = join(&[split(rng.pick(&brands)), split(rng.pick(&brands))]);
    let trade = split(rng.pick(&words(TRADES)));
    if rng.chance(40) {
        join(&[split(rng.pick(&words(CITIES))), brand, trade])
    } else {
        join(&[brand, trade])
    }
}

fn words(list: &'static str) -> Vec<&'static str> {
    list.split(' ').collect()
}

fn split(word: &str) -> Han {
    let at = word.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(word.len());
    let (text, pinyin) = word.split_at(at);
    Han { text: text.to_owned(), pinyin: pinyin.replace('ü', "v") }
}

fn join(parts: &[Han]) -> Han {
    let mut whole = Han::default();
    for part in parts {
        whole.text.push_str(&part.text);
        whole.pinyin.push_str(&part.pinyin);
    }
    whole
}
