//! Small files as the systems of the recipes write them, with made-up people.

use rust_xlsxwriter::Workbook;

/// A file of this name is in the book before the commands run.
pub const BOOK: &str = "book.jsonl";
pub const PEOPLE: &str = r#"{"name":"Ann Lee","given":"Ann","family":"Lee","birthday":"1979-05-17","tags":["vip"],"note":"=1+1","phones":[{"value":"+1 212-555-0100"}]}
{"name":"王伟","phones":[{"value":"+86 138 0013 8000"}]}
"#;

pub const GOOGLE: &str = "First Name,Middle Name,Last Name,Organization Name,Organization Title,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - Postal Code,Address 1 - Country,Event 1 - Label,Event 1 - Value\n\
    Ann,,Lee,Lantern Books,Owner,--05-17,likes tea,,friends ::: * myContacts,* Work,ann@lantern.example,Home,ann@home.example ::: a2@home.example,Mobile,+1 212-555-0100,Home,\"1 Side St\nLondon N1\nUnited Kingdom\",1 Side St,London,N1,United Kingdom,Anniversary,2010-06-01\n\
    伟,,王,华为科技,工程师,1980-03-14,,,* myContacts,,wang@example.cn,,,Mobile,+86 138 0013 8000,,,,,,,,\n";

pub const GOOGLE_OLD: &str = "Name,Given Name,Additional Name,Family Name,Birthday,Occupation,Notes,Group Membership,E-mail 1 - Type,E-mail 1 - Value,IM 1 - Type,IM 1 - Service,IM 1 - Value,Phone 1 - Type,Phone 1 - Value,Organization 1 - Type,Organization 1 - Name,Organization 1 - Title,Relation 1 - Type,Relation 1 - Value\n\
    Ann Lee,Ann,,Lee,1979-05-17,,likes tea,friends ::: * My Contacts,* Work,ann@lantern.example,,Skype,ann.lee,Mobile,+1 212-555-0100,,Lantern Books,Owner,Spouse,Bob Lee\n\
    王伟,伟,,王,,,,* My Contacts,,wang@example.cn,,,,Mobile,+86 138 0013 8000,,华为科技,,,\n";

pub const GOOGLE_OUTLOOK: &str = "First Name,Middle Name,Last Name,Title,Suffix,Initials,Web Page,Birthday,Anniversary,Notes,E-mail Address,E-mail 2 Address,Primary Phone,Home Phone,Mobile Phone,Home Address,Home Street,Home City,Home Country,Spouse,Business Phone,Company,Job Title,Business Address,Business City,Categories\n\
    Ann,,Lee,,,,https://lantern.example,1979-05-17,,likes tea,ann@lantern.example,ann@home.example,,,+1 212-555-0100,,1 Side St,London,United Kingdom,Bob Lee,,Lantern Books,Owner,,New York,friends;myContacts\n\
    伟,,王,,,,,0/0/00,,,wang@example.cn,,,,+86 138 0013 8000,,,,,,,华为科技,,,,myContacts\n";

pub const OUTLOOK: &str = "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,Business City,Business Postal Code,Business Country/Region,Business Phone,Home Phone,Mobile Phone,Anniversary,Birthday,Categories,E-mail Address,E-mail Type,E-mail Display Name,Gender,Notes,Priority,Private,Sensitivity,Spouse\r\n\
    Dr.,Ann,,Lee,,Lantern Books,,Owner,1 Main St,New York,10001,USA,,,+1 212-555-0100,0/0/00,3/4/1979,friends;vip,ann@lantern.example,SMTP,Ann Lee (ann@lantern.example),Unspecified,likes tea,Normal,False,Normal,Bob Lee\r\n\
    ,伟,,王,,华为科技,,,,,,,,,+86 138 0013 8000,0/0/00,0/0/00,,wang@example.cn,SMTP,王伟,Unspecified,,Normal,False,Normal,\r\n";

pub const OUTLOOK_CHINESE: &str = "英文称谓,名,中间名,姓,中文称谓,单位,部门,职务,商务地址 街道,商务地址 市/县,商务地址 省/市/自治区,商务地址 邮政编码,商务地址 国家/地区,商务电话,移动电话,电子邮件地址,电子邮件类型,电子邮件显示名称,附注,纪念日,类别,敏感度,生日,私有,性别,优先级,网页\r\n\
    ,Ann,,Lee,女士,Lantern Books,,Owner,,,,,,,+1 212-555-0100,ann@lantern.example,SMTP,Ann Lee,likes tea,0/0/00,朋友;客户,普通,1979/3/4,False,未指定,普通,\r\n\
    ,伟,,王,先生,华为科技,研发部,工程师,科技路1号,深圳,广东,518000,中国,0755-12345678,+86 138 0013 8000,wang@example.cn,SMTP,王伟,,0/0/00,,普通,0/0/00,False,未指定,普通,\r\n";

pub const OUTLOOK_GERMAN: &str = "Anrede,Vorname,Weitere Vornamen,Nachname,Suffix,Firma,Abteilung,Position,Straße geschäftlich,Ort geschäftlich,Region geschäftlich,Postleitzahl geschäftlich,Land geschäftlich,Fax geschäftlich,Telefon geschäftlich,Mobiltelefon,E-Mail-Adresse,E-Mail-Typ,E-Mail: Angezeigter Name,Geburtstag,Geschlecht,Jahrestag,Kategorien,Notizen,Priorität,Privat,Vertraulichkeit\r\n\
    Frau,Ann,,Lee,,Lantern Books,,Owner,Hauptstraße 1,Köln,NRW,50667,Deutschland,,,+1 212-555-0100,ann@lantern.example,SMTP,Ann Lee,4.3.1979,Keine Angabe,0.0.00,Freunde;VIP,likes tea,Normal,Falsch,Normal\r\n\
    ,Jörg,,Weiß,,Müller AG,,,,,,,,,,+49 170 1234567,joerg@mueller.example,SMTP,Jörg Weiß,0.0.00,Keine Angabe,0.0.00,,,Normal,Falsch,Normal\r\n";

pub const OUTLOOK_COM: &str = "First Name,Middle Name,Last Name,Title,Suffix,Nickname,Given Yomi,Surname Yomi,E-mail Address,E-mail 2 Address,Home Phone,Business Phone,Mobile Phone,IMAddress,Job Title,Company,Company Yomi,Business Street,Business City,Personal Web Page,Schools,Web Page,Birthday,Notes\n\
    Ann,,Lee,,,Annie,,,ann@lantern.example,ann@home.example,,,+1 212-555-0100,,Owner,Lantern Books,,1 Main St,New York,https://ann.example,,https://lantern.example,3/4/1979,likes tea\n\
    伟,,王,,,,,,wang@example.cn,,,,+86 138 0013 8000,,,华为科技,,,,,,,,\n";

pub const THUNDERBIRD: &str = "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Screen Name,Work Phone,Home Phone,Fax Number,Pager Number,Mobile Number,Home Address,Home Address 2,Home City,Home State,Home ZipCode,Home Country,Work Address,Work City,Job Title,Department,Organization,Web Page 1,Web Page 2,Birth Year,Birth Month,Birth Day,Custom 1,Notes,\n\
    Ann,Lee,Ann Lee,Annie,ann@lantern.example,ann@home.example,,,,,,+1 212-555-0100,1 High St,Flat 2,London,,E1 1AA,UK,,,Owner,,Lantern Books,https://lantern.example,,1979,3,4,blue,likes tea,\n\
    ,,王伟,,wang@example.cn,,,,,,,+86 138 0013 8000,,,,,,,,,,,华为科技,,,,,,,,\n";

pub const THUNDERBIRD_GERMAN: &str = "Vorname,Nachname,Anzeigename,Spitzname,Primäre E-Mail-Adresse,Sekundäre E-Mail-Adresse,Tel. dienstlich,Tel. privat,Fax-Nummer,Pager-Nummer,Mobil-Tel.-Nr.,Privat: Adresse,Privat: Adresse 2,Privat: Ort,Privat: PLZ,Privat: Land,Dienstlich: Ort,Arbeitstitel,Abteilung,Organisation,Webseite 1,Geburtsjahr,Geburtsmonat,Geburtstag,Notizen,\n\
    Ann,Lee,Ann Lee,Annie,ann@lantern.example,,,,,,+1 212-555-0100,High St 1,Wohnung 2,London,E1 1AA,UK,Köln,Owner,,Lantern Books,https://lantern.example,1979,3,4,likes tea,\n\
    ,,王伟,,wang@example.cn,,,,,,+86 138 0013 8000,,,,,,,,,华为科技,,,,,,\n";

pub const LINKEDIN: &str = "\u{feff}Notes:\r\n\"When exporting your connection data, you may notice that some of the email addresses are missing.\"\r\n\r\n\
    First Name,Last Name,URL,Email Address,Company,Position,Connected On\r\n\
    Ann,Lee,https://www.linkedin.com/in/ann-lee,ann@lantern.example,\"Lantern Books, Inc.\",\"Owner \"\"and\"\" buyer\",12 Mar 2024\r\n\
    Neha,,https://www.linkedin.com/in/neha-k,,Razorpay,Engineer,7-Feb-22\r\n\
    ,,,,,,\r\n";

pub const HUBSPOT_CONTACTS: &str = "\"Record ID\",\"First Name\",\"Last Name\",\"Email\",\"Phone Number\",\"Job Title\",\"Contact owner\",\"Lifecycle Stage\",\"Create Date\",\"Unsubscribed from all email\",\"Associated Company\",\"Associated Company IDs\"\n\
    \"101\",\"Ann\",\"Lee\",\"ann@lantern.example\",\"+1 212-555-0100\",\"Owner\",\"Pat Doe\",\"customer\",\"2023-05-17 14:30\",\"\",\"Lantern Books\",\"77\"\n\
    \"102\",\"伟\",\"王\",\"wang@example.cn\",\"\",\"\",\"\",\"lead\",\"2024-01-02 09:05\",\"true\",\"\",\"\"\n";
pub const HUBSPOT_COMPANIES: &str = "\"Record ID\",\"Company name\",\"Company Domain Name\",\"Company owner\",\"Industry\",\"City\"\n\
    \"77\",\"Lantern Books\",\"lantern.example\",\"Pat Doe\",\"Retail\",\"New York\"\n";
pub const HUBSPOT_DEALS: &str = "\"Record ID\",\"Deal Name\",\"Deal Stage\",\"Close Date\",\"Deal owner\",\"Amount\",\"Pipeline\",\"Associated Company\",\"Associated Company IDs\",\"Associated Contact\",\"Associated Contact IDs\"\n\
    \"900\",\"Winter order\",\"Closed Won\",\"2026-05-01 14:30\",\"Pat Doe\",\"12400\",\"Sales\",\"Lantern Books\",\"77\",\"Ann Lee (ann@lantern.example)\",\"101\"\n";

pub const SALESFORCE_CONTACTS: &str = "\"ID\",\"ACCOUNTID\",\"LASTNAME\",\"FIRSTNAME\",\"MAILINGCITY\",\"MAILINGCOUNTRY\",\"MOBILEPHONE\",\"EMAIL\",\"TITLE\",\"LEADSOURCE\",\"BIRTHDATE\",\"DESCRIPTION\",\"OWNERID\",\"CREATEDDATE\",\"HASOPTEDOUTOFEMAIL\"\n\
    \"0035e1\",\"0015e7\",\"Lee\",\"Ann\",\"New York\",\"USA\",\"+1 212-555-0100\",\"ann@lantern.example\",\"Owner\",\"Web\",\"1979-03-04\",\"likes tea\",\"0055e1\",\"2024-05-01T14:30:00.000Z\",\"false\"\n\
    \"0035e2\",\"\",\"王\",\"伟\",\"深圳\",\"中国\",\"+86 138 0013 8000\",\"wang@example.cn\",\"\",\"\",\"\",\"\",\"0055e1\",\"2024-05-02T14:30:00.000Z\",\"true\"\n";
pub const SALESFORCE_ACCOUNTS: &str = "\"ID\",\"NAME\",\"TYPE\",\"BILLINGCITY\",\"BILLINGCOUNTRY\",\"PHONE\",\"WEBSITE\",\"INDUSTRY\",\"NUMBEROFEMPLOYEES\"\n\
    \"0015e7\",\"Lantern Books\",\"Customer\",\"New York\",\"USA\",\"+1 212-555-0199\",\"https://lantern.example\",\"Retail\",\"12\"\n";
pub const SALESFORCE_OPPORTUNITIES: &str = "\"ID\",\"ACCOUNTID\",\"NAME\",\"STAGENAME\",\"AMOUNT\",\"PROBABILITY\",\"CLOSEDATE\",\"ISCLOSED\",\"ISWON\",\"CONTACTID\"\n\
    \"0065e9\",\"0015e7\",\"Winter order\",\"Closed Won\",\"12400.0\",\"100.0\",\"2026-05-01\",\"true\",\"true\",\"0035e1\"\n";

pub const SALESFORCE_REPORT_CONTACTS: &str = "Salutation,First Name,Last Name,Title,Account Name,Mailing City,Mailing State/Province,Mailing Country,Mobile,Email,Account Owner,Contact ID,Account ID\n\
    Ms.,Ann,Lee,Owner,Lantern Books,New York,NY,USA,+1 212-555-0100,ann@lantern.example,Pat Doe,0035e1,0015e7\n\
    ,伟,王,,,深圳,,中国,+86 138 0013 8000,wang@example.cn,Pat Doe,0035e2,\n";
pub const SALESFORCE_REPORT_ACCOUNTS: &str = "Account Name,Account Owner,Billing City,Type,Industry,Phone,Website,Account ID\n\
    Lantern Books,Pat Doe,New York,Customer,Retail,+1 212-555-0199,https://lantern.example,0015e7\n";
pub const SALESFORCE_REPORT_OPPORTUNITIES: &str = "Opportunity Owner,Account Name,Opportunity Name,Stage,Amount,Probability (%),Close Date,Created Date,Opportunity ID,Account ID,Contact ID\n\
    Pat Doe,Lantern Books,Winter order,Closed Won,\"$12,400.00\",100%,5/21/2026,1/2/2026,0065e9,0015e7,0035e1\n";

pub const ZOHO_CONTACTS: &str = "\"Record Id\",\"Contact Owner\",\"Contact Owner.id\",\"First Name\",\"Last Name\",\"Account Name\",\"Account Name.id\",\"Email\",\"Mobile\",\"Mailing City\",\"Description\",\"Tag\",\"Email Opt Out\"\n\
    \"zcrm_48\",\"Pat\",\"zcrm_1\",\"Ann\",\"Lee\",\"Lantern Books\",\"zcrm_77\",\"ann@lantern.example\",\"+1 212-555-0100\",\"New York\",\"likes tea\",\"north,vip\",\"false\"\n\
    \"zcrm_49\",\"Pat\",\"zcrm_1\",\"伟\",\"王\",\"\",\"\",\"wang@example.cn\",\"+86 138 0013 8000\",\"深圳\",\"\",\"\",\"true\"\n";
pub const ZOHO_ACCOUNTS: &str = "\"Record Id\",\"Account Owner\",\"Account Owner.id\",\"Account Name\",\"Phone\",\"Website\",\"Industry\",\"Employees\",\"Billing City\"\n\
    \"zcrm_77\",\"Pat\",\"zcrm_1\",\"Lantern Books\",\"+1 212-555-0199\",\"https://lantern.example\",\"Retail\",\"12\",\"New York\"\n";
pub const ZOHO_LEADS: &str = "\"Record Id\",\"Lead Owner\",\"Lead Owner.id\",\"Company\",\"First Name\",\"Last Name\",\"Email\",\"Lead Source\",\"Lead Status\"\n\
    \"zcrm_60\",\"Pat\",\"zcrm_1\",\"Tidewater\",\"Bob\",\"Stone\",\"bob@tidewater.example\",\"Fair\",\"Contacted\"\n";
pub const ZOHO_DEALS: &str = "\"Record Id\",\"Deal Name\",\"Account Name\",\"Account Name.id\",\"Contact Name\",\"Contact Name.id\",\"Stage\",\"Closing Date\",\"Amount\"\n\
    \"zcrm_90\",\"Winter order\",\"Lantern Books\",\"zcrm_77\",\"Ann Lee\",\"zcrm_48\",\"Closed Won\",\"05/01/2026\",\"$12,400.00\"\n";
pub const ZOHO_NOTES: &str = "\"Record Id\",\"Note Owner\",\"Note Owner.id\",\"Note Title\",\"Note Content\",\"Parent ID.id\",\"Parent ID\",\"Created Time\"\n\
    \"zcrm_95\",\"Pat\",\"zcrm_1\",\"Call\",\"wants the winter blend\",\"zcrm_48\",\"Ann Lee\",\"2026-05-01 14:30:00\"\n";

pub const MAILCHIMP_SUBSCRIBED: &str = "\"Email Address\",\"First Name\",\"Last Name\",MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,LAST_CHANGED,LEID,EUID,NOTES,TAGS\n\
    ann@lantern.example,Ann,Lee,2,\"2015-03-16 14:40:47\",,\"2015-03-16 14:41:00\",\"2015-03-16 14:41:00\",1,e1,,\"\"\"Café, north\"\",\"\"newsletter\"\"\"\n";
pub const MAILCHIMP_UNSUBSCRIBED: &str = "\"Email Address\",\"First Name\",\"Last Name\",MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_REASON,LEID,EUID,NOTES,TAGS,LEID,EUID\n\
    wang@example.cn,伟,王,3,,\"2016-01-01 00:00:00\",\"2017-01-01 10:00:00\",Spring,NORMAL,2,e2,,\"\"\"newsletter\"\"\",2,e2\n";
pub const MAILCHIMP_CLEANED: &str = "\"Email Address\",\"First Name\",\"Last Name\",MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,LEID,EUID\n\
    gone@example.com,Bob,Stone,1,,,\"2018-01-01 10:00:00\",Summer,3,e3\n";

pub const APPLE: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:-//Apple Inc.//iOS 17.0//EN\r\nN:Lee;Ann;;;\r\nFN:Ann Lee\r\nORG:Lantern Books;\r\nTITLE:Owner\r\n\
    EMAIL;type=INTERNET;type=WORK;type=pref:ann@lantern.example\r\nTEL;type=CELL;type=VOICE:+1 212-555-0100\r\nitem1.URL;type=pref:https://lantern.example\r\nitem1.X-ABLabel:_$!<HomePage>!$_\r\n\
    BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-17\r\nNOTE:likes tea\r\nEND:VCARD\r\n\
    BEGIN:VCARD\r\nVERSION:3.0\r\nN:王;伟;;;\r\nFN:王伟\r\nTEL;type=CELL:+86 138 0013 8000\r\nEND:VCARD\r\n";
pub const ANDROID: &str = "BEGIN:VCARD\r\nVERSION:2.1\r\nN:Lee;Ann;;;\r\nFN:Ann Lee\r\nTEL;CELL:+1 212-555-0100\r\nEMAIL;WORK:ann@lantern.example\r\nORG:Lantern Books\r\nTITLE:Owner\r\nNOTE:likes tea\r\nEND:VCARD\r\n\
    BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E7=8E=8B;=E4=BC=9F;;;\r\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E7=8E=8B=E4=BC=9F\r\nTEL;CELL:+86 138 0013 8000\r\nEND:VCARD\r\n";
pub const CALLS: &str = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n<calls count=\"3\">\n\
    <call number=\"+12125550100\" duration=\"59\" date=\"1788000000000\" type=\"1\" contact_name=\"Ann Lee\" />\n\
    <call number=\"2125550100\" duration=\"0\" date=\"1788003600000\" type=\"3\" contact_name=\"Ann Lee\" />\n\
    <call number=\"-1\" duration=\"10\" date=\"1788007200000\" type=\"1\" contact_name=\"(Unknown)\" />\n</calls>\n";

pub const CARD: &str = "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:urn:uuid:5d0a2f44-0000-4000-8000-000000000001\r\nFN:Ann Lee\r\nN:Lee;Ann;;;\r\nEMAIL;PREF=1;TYPE=work:ann@lantern.example\r\nX-SHOE-SIZE:38\r\nEND:VCARD\r\n";
pub const CARD_TWO: &str = "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:urn:uuid:5d0a2f44-0000-4000-8000-000000000002\r\nFN:王伟\r\nN:王;伟;;;\r\nTEL:+86 138 0013 8000\r\nEND:VCARD\r\n";

pub const ABOOK: &str = "# abook addressbook file\n\n[format]\nprogram=abook\nversion=0.6.1\n\n[0]\nname=Ann Lee\nemail=ann@lantern.example,ann@home.example\nmobile=+1 212-555-0100\nnotes=likes tea\ngroups=friends\nshoe=38\n\n[1]\nname=王伟\nemail=wang@example.cn\n\n";
pub const LDIF: &str = "version: 1\n\ndn: cn=Ann Lee,ou=people\nobjectClass: inetOrgPerson\ncn: Ann Lee\ngivenName: Ann\nsn: Lee\nmail: ann@lantern.example\nmobile: +1 212-555-0100\no: Lantern Books\n\n\
    dn:: Y249546L5LyfLG91PXBlb3BsZQ==\nobjectClass: inetOrgPerson\ncn:: 546L5Lyf\nsn:: 546L\ngivenName:: 5Lyf\n";

pub const MONICA: &str = r#"{"version":"1.0-preview.1","app_version":"4.0.0","export_date":"2025-01-01T00:00:00.000000Z","url":"https://m.example","exported_by":"u1","account":{"uuid":"a1","data":[
    {"count":2,"type":"contact","values":[
      {"uuid":"c1","properties":{"first_name":"Ann","last_name":"Lee","job":"Owner","company":"Lantern Books","stay_in_touch_frequency":14,"tags":["friends"]},
       "data":[{"count":1,"type":"contact_field","values":[{"properties":{"data":"ann@lantern.example","type":"f1"}}]},
               {"count":1,"type":"note","values":[{"uuid":"n1","created_at":"2024-03-01T00:00:00Z","properties":{"body":"Likes tea"}}]}]},
      {"uuid":"c2","properties":{"first_name":"Bob"}}]},
    {"count":1,"type":"relationship","values":[{"properties":{"type":"spouse","contact_is":"c2","of_contact":"c1"}}]}],
    "instance":{"contact_field_types":[{"uuid":"f1","properties":{"name":"Email","protocol":"mailto:","type":"email"}}]}}}"#;

pub const LEADS: &str = "Full Name,E-mail,Lead Status\nAnn Lee,ann@lantern.example,Open\nBob Stone,bob@tidewater.example,Contacted\n,,Lost\n";

/// A spreadsheet whose first row holds the names of its columns.
pub fn xlsx(rows: &[&[&str]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            sheet.write_string(row as u32, column as u16, *cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

pub fn dynamics() -> Vec<u8> {
    xlsx(&[
        &[
            "(Do Not Modify) Contact",
            "(Do Not Modify) Row Checksum",
            "(Do Not Modify) Modified On",
            "First Name",
            "Last Name",
            "Job Title",
            "Company Name",
            "Email",
            "Mobile Phone",
            "Address 1: City",
            "Birthday",
            "Do not allow Bulk Emails",
        ],
        &[
            "8d1e0f2a-0000-4000-8000-000000000001",
            "abc+/=",
            "5/1/2024 2:30 PM",
            "Ann",
            "Lee",
            "Owner",
            "Lantern Books",
            "ann@lantern.example",
            "+1 212-555-0100",
            "New York",
            "3/4/1979",
            "Allow",
        ],
        &[
            "8d1e0f2a-0000-4000-8000-000000000002",
            "abd",
            "5/2/2024 2:30 PM",
            "伟",
            "王",
            "",
            "",
            "wang@example.cn",
            "+86 138 0013 8000",
            "",
            "",
            "Do Not Allow",
        ],
    ])
}

pub fn fxiaoke_contacts() -> Vec<u8> {
    xlsx(&[
        &["姓名", "客户名称", "职务", "手机", "邮件", "微信", "负责人", "创建时间", "生命状态", "备注"],
        &[
            "王伟",
            "华为科技有限公司",
            "工程师",
            "+86 138 0013 8000",
            "wang@example.cn",
            "wx_wang",
            "李四",
            "2024-05-01 10:00",
            "正常",
            "喜欢喝茶",
        ],
        &[
            "Ann Lee",
            "Lantern Books",
            "Owner",
            "+1 212-555-0100",
            "ann@lantern.example",
            "--",
            "李四",
            "2024-05-02 10:00",
            "正常",
            "",
        ],
    ])
}

pub fn fxiaoke_accounts() -> Vec<u8> {
    xlsx(&[
        &["客户名称", "客户编号", "客户级别", "行业", "电话", "省", "市", "地址", "负责人"],
        &[
            "华为科技有限公司",
            "KH001",
            "重点客户",
            "通信",
            "0755-12345678",
            "广东",
            "深圳",
            "科技路1号",
            "李四",
        ],
    ])
}

pub fn fxiaoke_deals() -> Vec<u8> {
    xlsx(&[
        &["商机名称", "客户名称", "商机金额", "销售阶段", "预计成交日期", "联系人", "负责人"],
        &["冬季订单", "华为科技有限公司", "12,400.00", "赢单", "2026-05-01", "王伟", "李四"],
    ])
}

pub const KNOTTER: &str = r#"{"metadata":{"exported_at":1735689600,"app_version":"0.3.0","schema_version":9,"format_version":1},"contacts":[
    {"id":"3b1f","display_name":"Ada Lovelace","emails":["ada@x.example"],"phone":"+1 555","cadence_days":30,"created_at":1700000000,"updated_at":1700000001,
     "archived_at":null,"tags":["friends"],"dates":[],"interactions":[{"id":"i1","occurred_at":1735000000,"created_at":1735000000,"kind":"text","note":"Sent notes","follow_up_at":null}]}]}"#;

/// Two sheets, and only the second has somebody of 2024.
pub fn sheets() -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, who) in [("2023", "From2023"), ("2024", "From2024")] {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap();
        sheet.write_string(0, 0, "Name").unwrap();
        sheet.write_string(0, 1, "E-mail").unwrap();
        sheet.write_string(1, 0, who).unwrap();
        sheet.write_string(1, 1, format!("{}@x.example", who.to_lowercase())).unwrap();
    }
    book.save_to_buffer().unwrap()
}

/// As a Chinese Windows writes it.
pub fn gbk(text: &str) -> Vec<u8> {
    encoding_rs::GBK.encode(text).0.into_owned()
}

/// As a western Windows writes it.
pub fn latin(text: &str) -> Vec<u8> {
    encoding_rs::WINDOWS_1252.encode(text).0.into_owned()
}
