//! Each system's table is recognised as its own, whatever was done to its columns.

use super::*;

/// Columns as the systems write them: profile, then names.
fn headers() -> Vec<(String, Vec<String>)> {
    let split = |text: &str| text.split(',').map(|name| name.trim().to_owned()).collect::<Vec<_>>();
    let mut all: Vec<(String, Vec<String>)> = Profiles::built_in()
        .all()
        .filter(|profile| profile.export.columns.len() > 6)
        .map(|profile| (profile.name.clone(), profile.export.columns.clone()))
        .collect();
    for (name, columns) in [
        (
            "google",
            "First Name,Middle Name,Last Name,Nickname,Organization Name,Organization Title,Birthday,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value",
        ),
        (
            "google",
            "Name,Given Name,Additional Name,Family Name,Yomi Name,Birthday,Notes,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value",
        ),
        (
            "outlook",
            "英文称谓,名,中间名,姓,中文称谓,单位,部门,职务,商务地址 街道,商务地址 市/县,住宅地址 街道,商务传真,商务电话,商务电话 2,移动电话,电子邮件地址,电子邮件类型,附注,生日",
        ),
        (
            "outlook",
            "Anrede,Vorname,Weitere Vornamen,Nachname,Firma,Abteilung,Position,Straße geschäftlich,Ort geschäftlich,Postleitzahl geschäftlich,Telefon geschäftlich,Mobiltelefon,E-Mail-Adresse,Notizen",
        ),
        (
            "outlook",
            "Titre,Prénom,Nom,Société,Service,Rue (bureau),Ville (bureau),Code postal (bureau),Télécopie (bureau),Téléphone (bureau),Tél. mobile,Adresse de messagerie,Notes",
        ),
        (
            "outlook",
            "頭銜,名字,姓氏,公司,部門,職稱,商務 - 街,商務 - 市/鎮,商務傳真,商務電話,商務電話 2,行動電話,電子郵件地址,記事",
        ),
        (
            "thunderbird",
            "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Work Phone,Home Phone,Home Address,Home City,Home County,Home Post Code,Organisation,Birth Year,Birth Month,Birth Day,Notes",
        ),
        (
            "thunderbird",
            "Vorname,Nachname,Anzeigename,Spitzname,Primäre E-Mail-Adresse,Sekundäre E-Mail-Adresse,Tel. dienstlich,Privat: Adresse,Dienstlich: Adresse,Geburtsjahr,Geburtsmonat,Geburtstag,Notizen",
        ),
        (
            "thunderbird",
            "Имя,Фамилия,Отображаемое имя,Псевдоним,Адрес электронной почты,Рабочий телефон,Адрес (раб.),Год рождения,Месяц рождения,День рождения,Заметки",
        ),
        ("linkedin", "First Name,Last Name,URL,Email Address,Company,Position,Connected On"),
        (
            "hubspot",
            "Record ID,First Name,Last Name,Company Name,Contact owner,Create Date,Email,Lead Status,Lifecycle Stage,Phone Number,Marketing contact status,Associated Company,Associated Company IDs",
        ),
        (
            "hubspot-companies",
            "Record ID,Company name,Company owner,Create Date,Phone Number,City,Country/Region,Industry,Company Domain Name",
        ),
        (
            "hubspot-deals",
            "Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount,Pipeline,Associated Contact,Associated Contact IDs,Associated Company,Associated Company IDs",
        ),
        (
            "salesforce",
            "Salutation,First Name,Last Name,Title,Account Name,Mailing Street,Mailing City,Mailing State/Province,Mailing Zip/Postal Code,Mailing Country,Phone,Mobile,Fax,Email,Account Owner",
        ),
        (
            "salesforce",
            "Id,IsDeleted,AccountId,LastName,FirstName,Name,MailingStreet,MailingCity,Phone,MobilePhone,Email,OwnerId,CreatedDate,SystemModstamp",
        ),
        (
            "salesforce-opportunities",
            "Id,IsDeleted,AccountId,Name,Description,StageName,Amount,Probability,CloseDate,IsClosed,IsWon,OwnerId",
        ),
        (
            "salesforce-opportunities",
            "Opportunity ID,Opportunity Name,Account Name,Stage,Amount,Close Date,Probability (%),Opportunity Owner,Created Date",
        ),
        (
            "dynamics",
            "contactid,fullname,firstname,lastname,emailaddress1,telephone1,mobilephone,address1_city,jobtitle",
        ),
        (
            "dynamics",
            "First Name,Middle Name,Last Name,Business Phone,Mobile Phone,Job Title,Business Street,Business City,Business State,Business Postal Code,Business Country/Region,Email Address",
        ),
        (
            "zoho",
            "Record Id,Contact Owner,First Name,Last Name,Account Name,Account Name.id,Email,Phone,Mobile,Mailing Street,Mailing City,Mailing State,Mailing Zip,Description",
        ),
        (
            "zoho-deals",
            "Record Id,Deal Name,Account Name,Account Name.id,Contact Name,Stage,Closing Date,Amount,Lead Source,Description,Type",
        ),
        (
            "zoho-notes",
            "Record Id,Note Owner.id,Note Owner,Note Title,Note Content,Parent ID.id,Parent ID,Created Time,Modified Time",
        ),
        ("fxiaoke", "姓名,客户名称,职务,部门,手机,电话,邮件,负责人,创建时间"),
        ("fxiaoke-accounts", "客户名称,客户编号,客户级别,行业,电话,地址,网址,负责人,创建时间"),
        ("fxiaoke-deals", "商机名称,客户名称,商机金额,商机阶段,预计成交日期,负责人,联系人,创建时间"),
        (
            "mailchimp",
            "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS",
        ),
        (
            "mailchimp-unsubscribed",
            "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,LAST_CHANGED,UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,UNSUB_REASON,UNSUB_REASON_OTHER,LEID,EUID,NOTES,TAGS",
        ),
        ("csv", "Name,Email,Phone,Company,City,Birthday"),
        ("csv", "姓名,邮箱,公司,电话"),
        ("csv", "First Name,Last Name,Email,Phone,Notes"),
    ] {
        all.push((name.to_owned(), split(columns)));
    }
    all
}

fn recognised(header: &[String]) -> String {
    Profiles::built_in().recognise(header).map_or("csv".to_owned(), |profile| profile.name.clone())
}

#[test]
fn each_table_is_recognised_whatever_was_done_to_its_columns() {
    let mut wrong = Vec::new();
    for (name, header) in headers() {
        let mut check = |what: String, header: Vec<String>| {
            let found = recognised(&header);
            if found != name {
                wrong.push(format!("{name} taken for {found}: {what} ({} columns)", header.len()));
            }
        };
        check("as it is".into(), header.clone());
        check("reversed".into(), header.iter().rev().cloned().collect());
        check("in capitals".into(), header.iter().map(|name| name.to_uppercase()).collect());
        // rolo's own tables of records have all their columns, or are anybody's.
        if name.starts_with("rolo-") {
            continue;
        }
        let more = ["Shoe Size", "内部编号", "Custom Thing 7"].map(str::to_owned);
        check("with more".into(), header.iter().cloned().chain(more).collect());
        for at in 0..header.len() {
            let mut fewer = header.clone();
            let gone = fewer.remove(at);
            check(format!("without {gone}"), fewer);
        }
        if header.len() > 12 {
            for start in 0..3 {
                let keep = |(at, name): (usize, &String)| (at % 5 != start).then(|| name.clone());
                check(
                    format!("without each fifth from {start}"),
                    header.iter().enumerate().filter_map(keep).collect(),
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{} mistakes:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_user_s_own_profile_is_asked_first_and_its_mistakes_name_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("intranet.toml");
    let own = "name = \"intranet\"\ntitle = \"Ours\"\ndetect = [[\"Badge\"]]\n[columns]\nname = [\"Who\"]\nexternal_id = [\"Badge\"]\n";
    std::fs::write(&path, own).unwrap();
    let profiles = Profiles::with_folder(folder.path()).unwrap();
    let header = ["Badge", "Who", "E-mail Type"].map(str::to_owned);
    assert_eq!(profiles.recognise(&header).unwrap().name, "intranet");
    std::fs::write(&path, own.replace("name = [\"Who\"]", "nmae = [\"Who\"]")).unwrap();
    let error = Profiles::with_folder(folder.path()).unwrap_err().to_string();
    assert!(error.contains("intranet.toml") && error.contains("line 5") && error.contains("nmae"), "{error}");
    assert!(Profiles::with_folder(&folder.path().join("nowhere")).is_ok());
}

#[test]
fn names_of_columns_are_known_in_traditional_chinese_japanese_and_korean() {
    let profiles = Profiles::built_in();
    let generic = profiles.generic().unwrap();
    for (target, names) in [
        ("name", "姓名 聯絡人 氏名 名前 お名前 성명"),
        ("given", "名 名字 이름"),
        ("family", "姓 姓氏 苗字 성"),
        ("phonetic_family", "セイ 姓（フリガナ）"),
        ("company", "公司 公司名稱 單位 会社 会社名 勤務先 회사 회사명"),
        ("title", "職稱 職務 職位 役職 肩書き 직함 직위"),
        ("department", "部門 部署 所属部署 부서"),
        ("email", "電子郵件 電子信箱 信箱 メール メールアドレス Ｅメール ﾒｰﾙ 이메일 전자메일"),
        ("phone", "電話 電話號碼 聯絡電話 電話番号 전화 전화번호 연락처"),
        ("phone.mobile", "手機 手機號碼 行動電話 携帯 携帯電話 携帯番号 휴대폰 핸드폰"),
        ("phone.work", "公司電話 会社電話番号 직장전화"),
        ("phone.fax", "傳真 ファックス FAX番号 팩스"),
        ("url", "網址 ウェブサイト ホームページ 홈페이지"),
        ("address", "地址 通訊地址 住所 주소"),
        ("address.city", "縣市 市区町村 도시"),
        ("address.region", "都道府県 시도"),
        ("address.postcode", "郵遞區號 郵便番号 우편번호"),
        ("address.country", "國家 国 국가"),
        ("birthday", "生日 誕生日 生年月日 생일 생년월일"),
        ("tags", "標籤 群組 タグ グループ 태그"),
        ("note", "備註 附註 メモ 備考 메모 비고"),
        ("gender", "性別 성별"),
    ] {
        let wanted = parse_target(target).unwrap();
        for name in names.split(' ') {
            assert_eq!(generic.target(name), Some(wanted.clone()), "{name}");
        }
    }
}
