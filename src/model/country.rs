//! Countries by the names that address books hold, as ISO 3166-1 alpha-2 codes.

/// All ISO 3166-1 alpha-2 codes, and XK as is in use for Kosovo.
const CODES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ \
CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF \
GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW \
KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL \
NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST \
SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";

/// Each code with its names, folded: English first, then the country's own and those in Chinese, German, French, Spanish.
const NAMES: &[(&str, &str)] = &[
    (
        "US",
        "usa|united states|united states of america|u.s.a.|u.s.|america|美国|美國|美利坚合众国|vereinigte staaten|etats-unis|estados unidos|eeuu|stati uniti",
    ),
    ("CA", "canada|加拿大|kanada"),
    ("MX", "mexico|墨西哥|mexiko|mexique"),
    (
        "GB",
        "uk|u.k.|united kingdom|great britain|britain|england|scotland|wales|northern ireland|英国|英國|grossbritannien|vereinigtes konigreich|royaume-uni|reino unido|angleterre|inglaterra",
    ),
    ("IE", "ireland|爱尔兰|愛爾蘭|irland|irlande|irlanda|eire"),
    ("DE", "germany|deutschland|德国|德國|allemagne|alemania|germania"),
    ("AT", "austria|osterreich|oesterreich|奥地利|奧地利|autriche"),
    ("CH", "switzerland|schweiz|suisse|svizzera|suiza|瑞士"),
    ("LI", "liechtenstein|列支敦士登"),
    ("LU", "luxembourg|luxemburg|luxemburgo|卢森堡|盧森堡"),
    ("FR", "france|frankreich|francia|法国|法國"),
    ("MC", "monaco|摩纳哥"),
    ("BE", "belgium|belgie|belgique|belgien|belgica|比利时|比利時"),
    ("NL", "netherlands|the netherlands|holland|nederland|niederlande|pays-bas|paises bajos|荷兰|荷蘭"),
    ("ES", "spain|espana|spanien|espagne|西班牙"),
    ("PT", "portugal|葡萄牙"),
    ("IT", "italy|italia|italien|italie|意大利"),
    ("DK", "denmark|danmark|danemark|dinamarca|danemark|丹麦|丹麥"),
    ("SE", "sweden|sverige|schweden|suede|suecia|瑞典"),
    ("NO", "norway|norge|norwegen|norvege|noruega|挪威"),
    ("FI", "finland|suomi|finnland|finlande|finlandia|芬兰|芬蘭"),
    ("IS", "iceland|island|islande|islandia|冰岛|冰島"),
    ("PL", "poland|polska|polen|pologne|polonia|波兰|波蘭"),
    ("CZ", "czech republic|czechia|cesko|ceska republika|tschechien|republique tcheque|chequia|捷克"),
    ("SK", "slovakia|slovensko|slowakei|slovaquie|eslovaquia|斯洛伐克"),
    ("HU", "hungary|magyarorszag|ungarn|hongrie|hungria|匈牙利"),
    ("RO", "romania|rumanien|roumanie|rumania|罗马尼亚|羅馬尼亞"),
    ("BG", "bulgaria|bulgarien|bulgarie|保加利亚|българия"),
    ("GR", "greece|griechenland|grece|grecia|希腊|希臘|ελλαδα|hellas"),
    ("HR", "croatia|hrvatska|kroatien|croatie|croacia|克罗地亚"),
    ("SI", "slovenia|slovenija|slowenien|slovenie|eslovenia|斯洛文尼亚"),
    ("RS", "serbia|srbija|serbien|serbie|塞尔维亚|србија"),
    ("BA", "bosnia and herzegovina|bosnia|bosnien|bosnie|波黑"),
    ("ME", "montenegro|crna gora|黑山"),
    ("MK", "north macedonia|macedonia|mazedonien|北马其顿"),
    ("AL", "albania|albanien|albanie|shqiperia|阿尔巴尼亚"),
    ("XK", "kosovo|科索沃"),
    ("EE", "estonia|eesti|estland|estonie|爱沙尼亚"),
    ("LV", "latvia|latvija|lettland|lettonie|letonia|拉脱维亚"),
    ("LT", "lithuania|lietuva|litauen|lituanie|lituania|立陶宛"),
    ("UA", "ukraine|украіна|ucrania|乌克兰|烏克蘭"),
    ("BY", "belarus|weissrussland|bielorussie|bielorrusia|беларусь|白俄罗斯"),
    ("MD", "moldova|moldau|moldavie|摩尔多瓦"),
    ("RU", "russia|russian federation|россия|russland|russie|rusia|俄罗斯|俄羅斯"),
    ("TR", "turkey|turkiye|turkei|turquie|turquia|土耳其"),
    ("CY", "cyprus|zypern|chypre|chipre|塞浦路斯"),
    ("MT", "malta|malte|马耳他"),
    ("GE", "georgia|georgien|georgie|格鲁吉亚"),
    ("AM", "armenia|armenien|armenie|亚美尼亚"),
    ("AZ", "azerbaijan|aserbaidschan|阿塞拜疆"),
    ("KZ", "kazakhstan|kasachstan|казахстан|哈萨克斯坦"),
    ("UZ", "uzbekistan|usbekistan|乌兹别克斯坦"),
    (
        "CN",
        "china|pr china|p.r. china|people's republic of china|mainland china|中国|中國|中华人民共和国|中國大陸|中国大陆|chine",
    ),
    ("HK", "hong kong|hongkong|hong kong sar|香港|中国香港|中國香港"),
    ("MO", "macau|macao|澳门|澳門|中国澳门"),
    ("TW", "taiwan|台湾|台灣|臺灣|中国台湾"),
    ("JP", "japan|nippon|日本|japon|giappone"),
    ("KR", "south korea|korea|republic of korea|韩国|韓國|대한민국|한국|sudkorea|coree du sud|corea del sur"),
    ("KP", "north korea|朝鲜|nordkorea"),
    ("MN", "mongolia|mongolei|蒙古"),
    ("IN", "india|indien|inde|भारत|印度"),
    ("PK", "pakistan|巴基斯坦"),
    ("BD", "bangladesh|孟加拉国|孟加拉"),
    ("LK", "sri lanka|斯里兰卡"),
    ("NP", "nepal|尼泊尔"),
    ("SG", "singapore|singapur|singapour|新加坡"),
    ("MY", "malaysia|malaisie|malasia|马来西亚|馬來西亞"),
    ("ID", "indonesia|indonesien|indonesie|印度尼西亚|印尼"),
    ("TH", "thailand|thailande|tailandia|泰国|泰國|ประเทศไทย"),
    ("VN", "vietnam|viet nam|越南"),
    ("PH", "philippines|the philippines|pilipinas|philippinen|filipinas|菲律宾|菲律賓"),
    ("KH", "cambodia|kambodscha|cambodge|柬埔寨"),
    ("LA", "laos|老挝"),
    ("MM", "myanmar|burma|缅甸"),
    ("AU", "australia|australien|australie|澳大利亚|澳洲|澳大利亞"),
    ("NZ", "new zealand|aotearoa|neuseeland|nouvelle-zelande|nueva zelanda|新西兰|紐西蘭"),
    ("IL", "israel|以色列|ישראל"),
    ("PS", "palestine|palastina|巴勒斯坦"),
    ("JO", "jordan|jordanien|jordanie|jordania|约旦"),
    ("LB", "lebanon|libanon|liban|libano|黎巴嫩"),
    ("SY", "syria|syrien|syrie|siria|叙利亚"),
    ("IQ", "iraq|irak|伊拉克"),
    ("IR", "iran|伊朗|ایران"),
    ("SA", "saudi arabia|ksa|saudi-arabien|arabie saoudite|arabia saudita|沙特阿拉伯|沙特"),
    (
        "AE",
        "united arab emirates|uae|u.a.e.|vereinigte arabische emirate|emirats arabes unis|emiratos arabes unidos|阿联酋|阿拉伯联合酋长国",
    ),
    ("QA", "qatar|katar|卡塔尔"),
    ("KW", "kuwait|科威特"),
    ("BH", "bahrain|巴林"),
    ("OM", "oman|阿曼"),
    ("YE", "yemen|jemen|也门"),
    ("EG", "egypt|agypten|egypte|egipto|埃及"),
    ("MA", "morocco|marokko|maroc|marruecos|摩洛哥"),
    ("DZ", "algeria|algerien|algerie|argelia|阿尔及利亚"),
    ("TN", "tunisia|tunesien|tunisie|tunez|突尼斯"),
    ("NG", "nigeria|尼日利亚"),
    ("GH", "ghana|加纳"),
    ("KE", "kenya|kenia|肯尼亚"),
    ("ET", "ethiopia|athiopien|ethiopie|etiopia|埃塞俄比亚"),
    ("TZ", "tanzania|tansania|坦桑尼亚"),
    ("UG", "uganda|乌干达"),
    ("ZA", "south africa|sudafrika|afrique du sud|sudafrica|南非"),
    ("SN", "senegal|塞内加尔"),
    ("CI", "ivory coast|cote d'ivoire|elfenbeinkuste|科特迪瓦"),
    ("CM", "cameroon|kamerun|cameroun|喀麦隆"),
    ("BR", "brazil|brasil|brasilien|bresil|巴西"),
    ("AR", "argentina|argentinien|argentine|阿根廷"),
    ("CL", "chile|chili|智利"),
    ("CO", "colombia|kolumbien|colombie|哥伦比亚"),
    ("PE", "peru|perou|秘鲁"),
    ("VE", "venezuela|委内瑞拉"),
    ("EC", "ecuador|equateur|厄瓜多尔"),
    ("BO", "bolivia|bolivien|玻利维亚"),
    ("UY", "uruguay|乌拉圭"),
    ("PY", "paraguay|巴拉圭"),
    ("CR", "costa rica|哥斯达黎加"),
    ("PA", "panama|巴拿马"),
    ("GT", "guatemala|危地马拉"),
    ("CU", "cuba|kuba|古巴"),
    ("DO", "dominican republic|dominikanische republik|republica dominicana|多米尼加"),
    ("PR", "puerto rico|波多黎各"),
    ("JM", "jamaica|jamaika|牙买加"),
];

/// The alpha-2 code of a country given by code (also `UK`) or by a usual name in English, Chinese, German, French, Spanish
/// or its own language; case, accents and width don't matter.
pub fn country_code(name_or_code: &str) -> Option<&'static str> {
    let folded = plain(name_or_code);
    if folded.len() == 2 && folded.is_ascii() && folded != "uk" {
        let upper = folded.to_ascii_uppercase();
        return CODES.split_ascii_whitespace().find(|code| *code == upper);
    }
    let found =
        NAMES.iter().find(|(_, names)| !folded.is_empty() && names.split('|').any(|name| name == folded));
    found.map(|(code, _)| *code)
}

/// The country in a locale name as the environment has it: `zh_CN.UTF-8` gives `CN`; `C` and `en` give nothing.
pub fn guess_country(lang_env: &str) -> Option<String> {
    let name = lang_env.trim().split(['.', '@', ':']).next().unwrap_or_default();
    name.split(['_', '-'])
        .skip(1)
        .find(|part| part.len() == 2 && part.bytes().all(|b| b.is_ascii_alphabetic()))
        .and_then(country_code)
        .map(str::to_owned)
}

/// Lower case without accents, inner white space single.
fn plain(text: &str) -> String {
    use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
    let bare: String = text
        .nfkd()
        .filter(|c| !matches!(c, '\u{300}'..='\u{36F}') || !is_combining_mark(*c))
        .nfc()
        .flat_map(char::to_lowercase)
        .flat_map(|c| match c {
            'ø' => ['o', '\0'],
            'ß' => ['s', 's'],
            '’' => ['\'', '\0'],
            other => [other, '\0'],
        })
        .filter(|c| *c != '\0')
        .collect();
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_by_name() {
        for (name, code) in [
            ("us", "US"),
            ("USA", "US"),
            ("United  States", "US"),
            ("中国", "CN"),
            ("Deutschland", "DE"),
            ("Österreich", "AT"),
            ("España", "ES"),
            ("États-Unis", "US"),
            ("Großbritannien", "GB"),
            ("UK", "GB"),
            ("한국", "KR"),
            ("ＪＰ", "JP"),
            ("Côte d’Ivoire", "CI"),
            ("भारत", "IN"),
        ] {
            assert_eq!(country_code(name), Some(code), "{name}");
        }
        for none in ["", "zz", "Atlantis", "|", "usa|uk", "1"] {
            assert_eq!(country_code(none), None, "{none}");
        }
    }

    #[test]
    fn names_are_folded_and_lead_to_one_code() {
        let mut seen = std::collections::BTreeMap::new();
        for (code, names) in NAMES {
            assert!(CODES.split(' ').any(|known| known == *code), "{code}");
            for name in names.split('|') {
                assert_eq!(plain(name), name, "written folded, else never found");
                assert_eq!(*seen.entry(name).or_insert(code), code, "{name}");
            }
        }
    }

    #[test]
    fn locales() {
        for (lang, country) in [
            ("zh_CN.UTF-8", Some("CN")),
            ("de-AT", Some("AT")),
            ("zh_Hans_SG", Some("SG")),
            ("C", None),
            ("en", None),
            ("", None),
        ] {
            assert_eq!(guess_country(lang).as_deref(), country, "{lang}");
        }
    }
}
