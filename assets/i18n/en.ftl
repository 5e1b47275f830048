# Messages of rolo in English. zh-CN.ftl has the same keys with the same arguments; a test holds that.

## words

list-separator = { ", " }
yes = yes
count-contacts = { $n ->
    [one] 1 contact
   *[other] { $n } contacts
}
nothing-changed = Nothing changed
nothing-found = Nothing found
undo-with = undo with: rolo undo
redo-with = redo with: rolo redo

## spans, dates

span-now = now
span-minutes = { $n }min
span-hours = { $n }h
span-days = { $n }d
span-months = { $n }mo
span-years = { $n }y
span-whole-minute = { $n ->
    [one] 1 minute
   *[other] { $n } minutes
}
span-whole-hour = { $n ->
    [one] 1 hour
   *[other] { $n } hours
}
span-whole-day = { $n ->
    [one] 1 day
   *[other] { $n } days
}
span-whole-month = { $n ->
    [one] 1 month
   *[other] { $n } months
}
span-whole-year = { $n ->
    [one] 1 year
   *[other] { $n } years
}
duration-minutes = { $n } min
duration-hours = { $n } h
duration-both = { $hours } h { $minutes } min

## kinds

kind-person = person
kind-company = company
kind-call = call
kind-email = e-mail
kind-meeting = meeting
kind-message = message
kind-note = note
kind-visit = visit
kind-purchase = purchase
kind-request = request
kind-feedback = feedback

## fields and columns

head-name-of-thing = name
type-text = text
type-number = number
type-date = date
type-yes-no = yes/no
type-choice = choice
type-url = url
field-id = id
field-handle = handle
field-name = name
field-kind = kind
field-given = given name
field-middle = middle name
field-family = family name
field-prefix = prefix
field-suffix = suffix
field-nickname = nickname
field-phonetic-given = phonetic given name
field-phonetic-middle = phonetic middle name
field-phonetic-family = phonetic family name
field-company = company
field-title = title
field-deal-title = title
field-task-title = title
field-project-name = name
field-department = department
field-email = e-mail
field-emails = e-mails
field-phone = phone
field-phones = phones
field-url = web
field-urls = web
field-im = messenger
field-ims = messengers
field-social = social
field-socials = social
field-address = address
field-street = street
field-city = city
field-region = region
field-postcode = postcode
field-country = country
field-birthday = birthday
field-anniversary = anniversary
field-date = date
field-dates = dates
field-tags = tags
field-links = links
field-note = note
field-stage = stage
field-tier = tier
field-owner = owner
field-language = language
field-time-zone = time zone
field-industry = industry
field-size = size
field-interests = interests
field-source = source
field-channel = preferred channel
field-keep-in-touch = keep in touch
field-photo = photo
field-gender = gender
field-pronouns = pronouns
field-starred = starred
field-archived = archived
field-created = created
field-updated = updated
field-last = last
field-next = next
field-people = people
field-count = contacts
field-key = key
field-value = value
field-type = type
field-choices = choices
field-pattern = pattern
field-used = used
field-at = when
field-with = with
field-text = what
field-direction = direction
field-duration = duration
field-subject = subject
field-body = text
field-outcome = outcome
field-amount = amount
field-probability = probability
field-expected-close = to close
field-closed = closed
field-consent = consent
consent-granted = granted
consent-denied = denied
consent-withdrawn = withdrawn
consent-pending = asked for
consent-until = until { $day }
field-deals = deals
field-contacts = contacts
field-about = what it is
deal-won = won
deal-lost = lost
field-currency = currency
field-author = who
field-batch = no.
field-edits = edits
field-label = what
field-current = now
field-path = path
field-line = line
field-column = column
field-message = message
field-field = becomes
field-total = total

## records, as the history names them

record-contact = contact
record-method = way to reach
record-address = address
record-date = date
record-tag = tag
record-tagging = tag
record-field = custom field
record-value = custom value
record-link = link
record-interaction = interaction
record-participant = participant
record-extra = extra
record-identity = outside id
record-setting = setting
record-task = task
record-deal = deal
record-project = project
record-member = member
record-consent = consent
record-same = merge

## what a batch did

label-add = Added { $who }
label-add-many = Added { $who }
label-edit = Changed { $who }
label-delete = Deleted { $who }
label-restore = Restored { $who }
label-empty-bin = Emptied the bin of { $who }
label-tag = Tagged { $who }: { $to }
label-untag = Took a tag from { $who }: { $to }
label-rename-tag = Renamed the tag { $who } to { $to }
label-delete-tag = Deleted the tag { $who }
label-merge-tags = Merged the tags { $who } into { $to }
label-field-add = Made the field { $who }
label-field-edit = Changed the field { $who }
label-field-delete = Deleted the field { $who }
label-log = Logged { $who } with { $to }
label-edit-interaction = Changed a logged { $who }
label-import = Imported { $who }
label-setting = Set { $who } to { $to }
label-export = Exported { $who }
label-star = Starred { $who }
label-unstar = Unstarred { $who }
label-archive = Archived { $who }
label-unarchive = Took { $who } out of the archive
label-delete-interaction = Deleted what was logged
added = Added { $name } ({ $handle })
added-many = { $n ->
    [one] Added 1 contact
   *[other] Added { $n } contacts
}
undone = Took back: { $what }
redone = Did again: { $what }
log-ahead = that is still to come
undo-nothing = Nothing of it could be taken back: { $what }
redo-nothing = Nothing of it could be done again: { $what }
undo-kept = Left alone, as it has changed since: { $name }, { $field }
error-moved-on = Nothing of { $batch } can be taken back: all of it has changed since
hint-moved-on = rolo history WHO shows what came after
error-target-book = { $path } is a book or another database: it is not overwritten
error-target-source = { $path } is being read: it is not overwritten
hint-other-file = Give another name
no-book-yet = There is no book at { $path } yet
book-made-at = Made the book { $path }
undo-kept-more = Left alone likewise: { $n } more; -v shows all

## questions

ask-yes-no = [y/N]
ask-delete = { $n ->
    [one] Delete 1 contact?
   *[other] Delete { $n } contacts?
}
ask-edit-again = Edit it again?
ask-edit = { $n ->
    [one] Change 1 contact?
   *[other] Change { $n } contacts?
}
ask-tag = { $n ->
    [one] Tag 1 contact?
   *[other] Tag { $n } contacts?
}
ask-untag = { $n ->
    [one] Take the tag from 1 contact?
   *[other] Take the tag from { $n } contacts?
}
ask-empty-bin = { $n ->
    [one] Empty the bin of 1 contact?
   *[other] Empty the bin of { $n } contacts?
}
ask-delete-tag = { $n ->
    [one] Delete the tag of 1 contact?
   *[other] Delete the tag of { $n } contacts?
}
ask-delete-field = { $n ->
    [one] Delete the field and the value of 1 contact?
   *[other] Delete the field and the values of { $n } contacts?
}
ask-delete-interactions = { $n ->
    [one] Delete 1 interaction?
   *[other] Delete { $n } interactions?
}
hint-yes = to go ahead, add --yes
pick-which = { $who } could be any of these; which one?
pick-none = none was picked

## lists and cards

book-empty = The book is empty: add someone with rolo add, or bring your contacts with rolo import
list-more = { $shown } of { $total } shown
show-timeline = Timeline
show-more = There is more: rolo timeline { $handle }
timeline-empty = Nothing happened yet
bin-empty = The bin is empty
no-tags = There are no tags yet
no-fields = There are no custom fields yet
values-that-dont-fit = { $n ->
    [one] 1 value does not fit { $field } as it is now, and stays as it is
   *[other] { $n } values do not fit { $field } as it is now, and stay as they are
}
no-books = There is no book yet; the first contact makes { $path }
book-made = Made the book { $name }: { $path }
query-found = { $n ->
    [0] rolo: nothing found
    [one] rolo: 1 address
   *[other] rolo: { $n } addresses
}
history-empty = Nothing has changed yet
history-more = { $n ->
    [one] The latest batch; --limit shows more
   *[other] The latest { $n } batches; --limit shows more
}
history-undoes = took back { $batch }: { $what }
history-redoes = did again: { $what }
history-undone = { $what } (taken back)
check-fine = The book is sound
check-wrong = { $n ->
    [one] 1 thing is wrong
   *[other] { $n } things are wrong
}
config-set = { $key } = { $value }
demo-made = A book with sample people; try: rolo --book { $path } list

## editor

edit-kept = What you typed is kept in { $path }
edit-went-over = Changed elsewhere meanwhile, too; yours stays: { $fields }
edit-again = Mend this and save, or save without a change to give up
editor-failed = the editor { $editor } failed: { $why }
hint-editor = set VISUAL or EDITOR, or rolo config set editor COMMAND
usage-edit-nothing = there is no terminal to edit on
hint-edit-flags = say what to change with --set, --add or --remove
hint-config-set = use rolo config set KEY VALUE
usage-edit-all = --all needs --set, --add or --remove

## usage

usage-no-tag = a tag needs a name
usage-add-stdin = with - the objects on stdin say everything, so nothing else can be said of them
hint-add-stdin = write it into the objects, or change them afterwards with rolo edit --all or rolo tag add
usage-log-who = who was it with? rolo log KIND WHO... [TEXT]
usage-book-name = a book's name is one word: { $name }
error-no-terminal = the screen needs a terminal
hint-no-terminal = rolo --help lists the commands that work without one

## errors

error-not-found = nothing answers to { $who }
error-not-found-contact = there is no contact { $who }
error-not-found-tag = there is no tag { $who }
error-not-found-field = there is no custom field { $who }
error-not-found-interaction = nothing logged has the id { $who }
error-not-found-deal = there is no deal { $who }
error-not-found-company = there is no company { $who }
error-not-found-batch = the history has no number { $who }
hint-not-found-contact = rolo list WORDS finds people by parts of what is known of them
hint-not-found-tag = rolo tag list shows all tags
hint-not-found-field = rolo field list shows all custom fields
hint-not-found-interaction = rolo timeline shows the ids
hint-not-found-deal = rolo deal list shows all deals
hint-not-found-company = rolo company list shows all companies
hint-not-found-batch = rolo history shows the numbers
error-ambiguous = { $who } could be any of these:
error-ambiguous-more = … and { $n } more
hint-ambiguous = say which one by the id in front
error-unknown-field = there is no field { $name }
error-needed = { $field } can't be empty
hint-needed = give it a value: { $expected }
error-unclaimed = { $field }: nobody gave { $value }; there is to choose from:
hint-unknown-field = rolo field add KEY makes a field of your own
hint-meant = did you mean { $nearest }?
error-bad-value = { $field }: { $value } does not fit (expected: { $expected })
expected-date = a date: 1980-04-02, 2 Apr 1980, --04-02
expected-number = a number
expected-yes-no = yes or no
expected-span = a span: 15m, 1h30m, 3 months
expected-duration = a length of time: 15m, 1h30m
expected-email = an e-mail address
expected-phone = a phone number
expected-visible = anything that can be seen
expected-country = a country's code: US, CN
expected-key = a key without blanks, = or :
expected-choices = at least one choice
expected-pattern = the pattern of the field
expected-regular-expression = a regular expression
expected-kind = a kind: call, email, meeting, ...
expected-name = a name
expected-at = a time: yesterday, friday 9am, 2026-09-14 15:30
expected-one-value = nothing to add, as it holds one value; --set replaces it
when-unknown = { $text } is no time that is understood
when-ambiguous = { $text } could be two days
when-no-such = there is no such time: { $text }
when-out-of-range = { $text } is too far away
hint-when = times read like: today, friday 9am, 3 days ago, 2026-09-14 15:30, 昨天下午3点
error-exists = { $name } is there already
error-exists-company = there is a company { $name } already
error-exists-tag = there is a tag { $name } already (rolo tag merge makes them one)
error-exists-field = there is a field { $name } already
error-exists-book = there is a book { $name } already
error-exists-file = there is a file { $name } already
hint-exists-file = it is not overwritten: give another name
hint-exists-book = another one takes another name: rolo --book NAME
error-exists-contact = { $name } is in the book already
error-nameless = a contact needs a name, a company or a way to reach it
error-in-bin = { $who } was deleted meanwhile and lies in the bin
hint-in-bin = rolo bin restore takes it out of the bin
error-nothing-to-undo = there is nothing to take back
hint-nothing-to-undo = rolo history shows what happened; rolo undo NUMBER takes back any of it
error-nothing-to-redo = there is nothing to do again
error-already-undone = batch { $batch } is taken back already
hint-already-undone = rolo redo does it again
error-text = line { $line }: { $message }
error-io = { $path }: { $why }
error-io-no-folder = { $path }: there is no folder { $folder }
error-io-missing = { $path }: no such file
error-io-denied = { $path }: permission denied
error-io-folder = { $path } is a folder
error-io-odd = { $path } is nothing that can be read
error-io-full = { $path }: the disk is full
error-strict = { $n ->
    [one] 1 row was refused, so nothing was imported: { $first }
   *[other] { $n } rows were refused, so nothing was imported; the first: { $first }
}
hint-strict = without --strict the good rows are kept; --rejects FILE collects the others either way
error-cancelled = stopped; nothing was changed

## errors of the book

error-busy = another rolo is writing to the book
hint-busy = try again when it is done
error-not-a-book = { $path } is no rolo book
hint-not-a-book = to bring in its contacts, use rolo import
error-shared-file = { $path } is a shared file, not a book of its own
hint-shared-file = to work with it, join it: rolo share join { $path } CODE
error-newer = { $path } was written by a newer rolo (format { $found }, this one knows { $known })
hint-newer = update rolo; the book was left as it is
error-damaged = the book is damaged: { $why }
hint-damaged = rolo check says what is wrong
error-full = the disk is full
error-read-only = { $path } can't be written
error-book-file = the book's file can't be read or written: { $why }
hint-book-file = is the disk full, or a limit reached? The book is as it was before
error-missing-book = there is no book at { $path }
error-bug = this should not happen: { $why }
hint-bug = please report it as a bug

## mistakes in a query

query-unknown-field = there is no field { $name }
query-bad-number = { $text } is no number
query-bad-date = { $text } is no date
query-bad-span = { $text } is no span (90d, 3mo)
query-bad-flag = { $text } is neither yes nor no
query-bad-kind = { $text } is no kind of contact: person or company
query-expected-value = a value is missing after { $field }
query-no-order = { $field } has no order, so there are no ranges of it
query-unclosed-quote = the other quotation mark is missing
query-unclosed-paren = a closing ) is missing
query-unopened-paren = there is no ( for this )
query-expected-field = a field's name is missing
query-expected-term = something is missing here
query-too-deep = too many brackets inside each other
query-too-long = the query is too long
hint-query-field = quote it to search for the text: "..."

## files

exchange-empty = { $path } is empty
exchange-no-cards = there are no cards (.vcf files) in the folder { $path }
hint-no-cards = of a folder only cards are read; name tables and other files themselves: rolo import FOLDER/FILE.csv
    .screen = of a folder only cards are read; name tables and other files themselves
exchange-no-table = { $path }: this is a line of text, no table and no cards
hint-no-table = look into the file: it may be a message instead of what was to be downloaded
exchange-binary = { $path } is a binary file of no known format
exchange-not-yet = { $path }: { $format } files can't be read yet
hint-not-yet = export it as CSV from the program that made it
exchange-encoding = { $path }: there is no encoding { $name }
exchange-profile = { $path }: no system is called { $name } (known: { $known })
exchange-bad-profile = { $path }: profile { $name }, line { $line }: { $message }
exchange-column = { $path } has no column { $name }
hint-columns = its columns: { $known }
exchange-target = a column can't become { $name }
hint-target = --map takes a field (email, title, ...), field:KEY for one of your own, or skip
    .screen = a field (email, title, ...), field:KEY for one of your own, or skip
exchange-header-row = { $path } has no row { $row } to take the column names from
exchange-broken-json = { $path }, line { $line }, column { $column }: { $message }
exchange-broken-xml = { $path }, line { $line }: broken XML: { $message }
exchange-foreign-xml = { $path } is XML that begins with <{ $root }>, which no known system writes
hint-foreign-xml = call logs and messages of SMS Backup & Restore are taken; from other programs export CSV or vCard
exchange-xml-doctype = { $path }, line { $line }: XML with a document type is refused: it may refer to other files
exchange-too-big = { $path } is larger than { $limit }, the most that can be read of this kind
hint-not-yet-pdf = it holds pages, no records: export CSV or vCard from the program that made it
hint-not-yet-gzip = unpack it first: gunzip FILE
hint-not-yet-zip = unpack it first and import what is inside
hint-not-yet-sqlite = a book of rolo opens with --book FILE; from another program export CSV or vCard
hint-not-yet-html = it is a page to read: export CSV or vCard from where it came
reason-too-many-cells = { $got } cells where there are { $expected } columns
reason-unclosed-quote = unclosed quote, opened at line { $line }, column { $column }
reason-too-long = longer than { $limit } bytes
reason-no-name = no name, company, e-mail or phone
reason-unclosed-card = the card is not closed: END:VCARD is missing
reason-unreadable = the file can't be read: { $why }
reason-no-card = text that stands in no card
reason-no-json = no JSON: column { $column }: { $message }
reason-wrong-value = expected { $expected }
reason-wrong-type = { $key }: expected { $expected }
reason-no-attribute = no name with a value in line { $line }: { $text }
reason-no-dn = the entry does not begin with dn: (line { $line })
reason-bad-base64 = the value of { $attribute } in line { $line } is no base64
reason-change-type = changetype { $change } in line { $line } changes a directory; only entries to add can be imported
warning-malformed = { $n ->
    [one] { $column } a byte that is none of the encoding became �
   *[other] { $column } { $value } bytes that are none of the encoding became �
 }
warning-nul = { $n ->
    [one] { $column } a NUL character was taken out
   *[other] { $column } { $value } NUL characters were taken out
 }
warning-stray-line = { $value }: a line that is no property, kept as it is
warning-stray-lines = { $column }: { $value } lines behind it are no properties, kept as they are
warning-again = { $value }: an earlier row of the file is the same contact, so what this one says otherwise is left out ({ $column })
warning-no-email = { $column }: { $value } is no e-mail address, kept as it is; others in this column are not named
warning-no-phone = { $column }: { $value } is no phone number, kept as it is; others in this column are not named
warning-unseen = { $column }: a name of characters that nobody sees, kept as it is
warning-fixed = { $column } is { $value } for all of them, as in every table of this system; --from generic reads it as any other
warning-no-number = { $value }: nobody here has this number
warning-stray-quote = { $column } { $value } a quotation mark inside a cell was read as text
warning-no-date = { $column }: { $value } is no date that is understood, kept as it is
warning-ambiguous-date = { $column }: { $value } could be two dates, kept as it is; --date-order decides
    .screen = { $column }: { $value } could be two dates, kept as it is; the step "matching" decides
warning-duplicate-column = { $column } stands twice and goes by { $value }
warning-unmapped = kept as they are, since no field was found for them ({ $value }): { $column }
warning-guessed-encoding = { $column } the encoding looks like { $value }; --encoding says otherwise
    .screen = { $column } the encoding looks like { $value }; e in the step "what it is" says otherwise
warning-no-header = { $column } { $value } no row of column names was found
warning-preamble = { $column } { $value } lines before the column names were passed over
warning-conflict = { $column }: it was changed here, too, so the book's value stays; the file says { $value }
warning-kept = { $value }: what the book has stays; the file says { $column }
warning-doubtful = { $value } may be { $column }: it shares an address or number under another name
warning-several = { $value } may be any of these, so it was added: { $column }
warning-in-bin = { $column } { $value } lies in the bin and was left there
warning-missing = { $column } { $value } is no longer in the file
warning-returned = { $column } { $value } is in the file again, and archived no more
warning-not-missing = { $n ->
    [one] 1 refused row may be somebody's who is in the book, so nobody was taken as missing: mend it and import it again
   *[other] { $n } refused rows may be those of people in the book, so nobody was taken as missing: mend them and import them again
}
warning-bad-value = { $column }: { $value } is not what the field takes, kept as it is
warning-dangling = { $column } { $value }: the record it refers to is nowhere, so that reference was left out
warning-not-fetched = { $column }: { $value } lies elsewhere and is never fetched; the address is kept
warning-hidden = { $value }: the number was hidden, so there is nobody to log this with
warning-recurs = { $value } comes again and again: only its first time is logged ({ $column } is kept)
warning-nobody = { $value } names nobody, so there is nobody to log it with
warning-footer = { $value }: a line below the table, not one of its rows; left out

## spreadsheets

sheet-no-workbook = { $path } is no spreadsheet: there is no workbook inside
sheet-archive = { $path } is a ZIP archive, not a spreadsheet; inside: { $files }
sheet-no-spreadsheet = { $path } has no sheets, so --sheet means nothing here
sheet-xlsb = { $path } is an XLSB workbook, which rolo can't read
sheet-encrypted = { $path } is protected by a password
sheet-damaged-zip = { $path } is damaged or incomplete: the directory of its ZIP archive can't be read
sheet-damaged = { $path } is damaged: { $part }: { $why }
sheet-unpacks = { $path }: { $part } unpacks to more than { $limit } MB, which no real spreadsheet of its size does
sheet-long-cell = { $path }: { $part } has a cell of more than { $limit } MB
sheet-beyond = { $path }, row { $row }: a cell beyond the last row or column that a sheet can have
sheet-no-sheets = { $path } has no sheet with cells
sheet-unknown = { $path } has no sheet { $name }
sheet-empty = { $path }: the sheet { $name } is empty
sheet-long-text = { $column } of { $name } is longer than the { $limit } characters that a cell of a spreadsheet can hold
sheet-too-many = a sheet holds at most { $rows } rows and { $columns } columns
hint-sheet-save-as = open it in a spreadsheet program and save it as XLSX or CSV
hint-sheet-archive = unpack it, then import what you want of it: unzip { $path }
hint-sheet-encrypted = open it, take the password off (Save As without one), and import that
hint-sheet-damaged = download or copy it once more
hint-sheet-unpacks = if you trust it, open it in a spreadsheet program and save it as CSV
hint-sheet-unknown = its sheets: { $known }
hint-sheet-other-format = export it as csv or json
warning-cell-error = { $column }: the cell { $value } holds an error and was left empty
warning-cell-formula = { $column }: the cell { $value } holds a formula without its result and was left empty; a spreadsheet program that opens and saves the file works it out
warning-other-sheets = the sheet { $value } was read; there is something on others, too (--sheet): { $column }
    .screen = the sheet { $value } is read; there is something on others, too (t chooses): { $column }
warning-repeated = { $column } the same row stands there { $value } times and was read once
export-binary = { $format } is no text to look at: write it to a file with --to, or pipe it on
template-format = a table to fill in is FILE.xlsx or FILE.csv: { $path }
template-exists = Replace { $path }?
template-written = Fill in { $path }, then: rolo import { $path }
template-sheet = Contacts
template-guide = How to fill in
template-guide-column = Column
template-guide-about = What goes there
template-guide-example = Example
template-guide-choices = Choices
template-wrong = Please pick one from the list.
template-name = Name
template-name-about = The full name; for a company its name
template-name-example = Ann Lee
template-kind = Kind
template-kind-about = Whether it is a person or a company; empty means a person
template-kind-example = person
template-kind-choices = person, company
template-company = Company
template-company-about = Where the person works
template-company-example = Lantern Books
template-title = Job Title
template-title-about = What the person does there
template-title-example = Head of Buying
template-department = Department
template-department-about = The part of the company
template-department-example = Purchasing
template-email = Email
template-email-about = The e-mail address; several are separated by ;
template-email-example = ann@lantern.example
template-email2 = Home Email
template-email2-about = A private address
template-email2-example = ann.lee@example.com
template-mobile = Mobile Phone
template-mobile-about = With + and the country code, or as it is dialled at home
template-mobile-example = +1 212-555-0100
template-phone = Work Phone
template-phone-about = The number at work
template-phone-example = +1 212-555-0140
template-wechat = WeChat
template-wechat-about = The WeChat ID
template-wechat-example = annlee_nyc
template-website = Website
template-website-about = The address of a page
template-website-example = https://lantern.example
template-street = Street
template-street-about = Street and number
template-street-example = 41 Bleecker Street
template-city = City
template-city-about = City or town
template-city-example = New York
template-region = State
template-region-about = State, province or county
template-region-example = NY
template-postcode = Postal Code
template-postcode-about = Leading zeros are kept
template-postcode-example = 10012
template-country = Country
template-country-about = The country's name
template-country-example = United States
template-birthday = Birthday
template-birthday-about = A date: 1980-05-17; without the year: --05-17
template-birthday-example = 1980-05-17
template-tags = Tags
template-tags-about = Several are separated by ;
template-tags-example = customer; vip
template-stage = Stage
template-stage-about = How far you are with them: one of these, or a word of your own
template-stage-example = lead
template-stage-choices = lead, prospect, customer, partner, inactive
template-source = Source
template-source-about = Where the contact came from: one of these, or a word of your own
template-source-example = referral
template-source-choices = referral, website, event, cold call, advertising
template-starred = Starred
template-starred-about = yes puts the contact among the favourites
template-starred-example = yes
template-starred-choices = yes, no
template-note = Notes
template-note-about = Anything else, of any length
template-note-example = Likes tea

## import and export

import-done = { $read } read: { $created } created, { $updated } updated, { $unchanged } unchanged, { $skipped } skipped, { $rejected } rejected
import-dry = Nothing was changed (--dry-run)
import-doubtful = { $n ->
    [one] 1 of the created may be somebody you have already
   *[other] { $n } of the created may be people you have already
}
import-rejects = The refused rows are in { $path }: mend them there and import it
import-refused = { $n ->
    [one] 1 row was refused; --rejects FILE collects it
   *[other] { $n } rows were refused; --rejects FILE collects them
 }
import-no-rejects = --rejects FILE collects the refused rows
import-progress = { $count } rows, { $rate }/s
import-left = { $left } left
import-line = line { $line }: { $message }
import-more = { $n ->
    [one] 1 more warning; -v shows all
   *[other] { $n } more warnings; -v shows all
}
usage-rejects-stdout = --rejects takes a file: the report goes to stdout
usage-import-map = --map takes COLUMN=FIELD: { $text }

## import: the plan, mappings

import-is = { $file }: { $what }, { $why }
import-folder = { $n ->
    [one] a folder of 1 card
   *[other] a folder of { $n } cards
} · { $what }
import-sheet = sheet { $name } ({ $n } of { $of })
import-why-given = as you said
import-why-columns = the columns { $columns } are of that system
import-why-names = the columns { $columns } are known by their names
import-why-content = by what stands in the cells
import-why-beginning = it begins as such files do
import-encoding-given = { $name }, as you said
import-encoding-mark = { $name }, by its byte-order mark
import-encoding-pattern = { $name }, by its pattern
import-encoding-valid = { $name }
import-encoding-guessed = { $name }, guessed by its characters
import-separated = separated by { $separator }
import-separator-tab = tabs
import-header = column names at line { $line }
import-header-none = no column names
import-columns = { $n ->
    [one] 1 column
   *[other] { $n } columns
  }
import-saved = mapping { $name }, saved on { $day } for tables of this shape
import-set = { $field } is { $value } in all rows
import-date-dmy = dates: day first
import-date-mdy = dates: month first
import-date-ymd = dates: year first
import-date-open = dates: as they stand there
import-date-read = { $text } in { $column } is { $read }
import-date-unread = { $text } in { $column } can't be told: --date-order decides
    .screen = { $text } in { $column } can't be told: the step "matching" decides
import-same = the same contact: by { $by }
import-by-id = id
import-by-email = e-mail
import-by-phone = phone with a similar name
import-by-name = name and company
import-on-update = those are updated
import-on-fill = those get what they lack
import-on-skip = those are passed over
import-on-add = those are added once more
import-tags = tagged { $tags }
import-reason-user = you said so
import-reason-profile = its system
import-reason-name = its name
import-reason-content = its values
import-reason-unmapped = not known
import-goes = { $words } ({ $target })
import-goes-kept = kept as it is
import-goes-nowhere = left out
import-changes = Changes
changed-part = { $of } { $part }
import-more-changes = { $n ->
    [one] … and 1 more change
   *[other] … and { $n } more changes
  }
import-saved-as = Saved as mapping { $name }: tables of this shape are read by it from now on
import-save-nothing = There is nothing to save: this is no table
import-forgot = Forgot mapping { $name }
import-using = Read by mapping { $name }, saved on { $day }
warning-doubtful-row = the row at line { $line }
warning-doubtful-nobody = somebody you have already
exchange-rule = { $column }: { $what }
exchange-one-target = { $rule }: a column is split into two fields or more, such as split given, family
exchange-splits-several = several columns can be joined into one field, but not split
exchange-bad-mapping = { $path }, line { $line }: { $message }
error-not-found-mapping = there is no mapping { $who }
hint-not-found-mapping = rolo import --mappings lists them, --save NAME makes one
error-mapping-or-system = there is neither a mapping nor a known system { $name }
hint-mapping-or-system = rolo import --mappings and --profiles list them; --save NAME makes a mapping
expected-file-name = a name without / \ : * ? " < > |
field-what = what
field-goes = goes to
field-samples = samples
field-why = why
field-sure = sure
field-before = before
field-after = after
field-contact = contact
exported = { $n ->
    [one] Exported 1 contact
   *[other] Exported { $n } contacts
}
exported-records = Exported { $records }: { $n }
export-columns-records = --columns is for contacts and companies: { $records } go out with all that they have
export-columns = --columns is for csv, tsv and xlsx: { $format } has columns of its own
usage-columns = --columns needs a column: name, email, phone, ...
exported-to = { $what } to { $path }
calendar-title = Birthdays and tasks
calendar-birthday = { $name }: birthday
calendar-day = { $name }: { $label }
directory-title = Contacts
export-companies = { $n ->
    [one] One company was left out
   *[other] { $n } companies were left out
}: { $system } has another table for them (rolo export kind:company --as { $system })
export-no-email = { $n ->
    [one] One contact without an e-mail was left out
   *[other] { $n } contacts without an e-mail were left out
}
export-no-consent = { $n ->
    [one] One contact who does not want to be written to was left out
   *[other] { $n } contacts who do not want to be written to were left out
}

## settings

config-syntax = this is no TOML: { $message }
config-unknown-key = there is no setting { $key }
hint-config-keys = there are: { $known }
config-not-text = { $key } takes a text in quotation marks

## help

about = A local-first contact manager for the terminal
about-add = Add a contact and print its id
about-list = List contacts
about-count = Print how many contacts there are
about-show = Show everything about one contact
about-edit = Change contacts
about-delete = Put contacts into the bin
about-bin = What was deleted
about-bin-list = What lies in the bin, latest first
about-bin-restore = Take contacts out of the bin
about-bin-empty = Empty the bin
about-tag = Tag contacts, and look after the tags
about-tag-add = Give contacts a tag
about-tag-remove = Take a tag from contacts
about-tag-list = All tags and how many contacts have each
about-tag-rename = Call a tag something else
about-tag-delete = Take a tag from all contacts and forget it
about-tag-merge = Make several tags one
about-field = Look after custom fields
about-field-add = Make a custom field
about-field-list = All custom fields
about-field-edit = Change a custom field
about-field-delete = Delete a custom field with its values
about-log = Log a call, a meeting, a note, ...
about-timeline = What happened, newest first
about-company = Companies and who works there
about-company-add = Add a company and print its id
about-company-list = Companies and how many people work there
about-company-show = Everything about one company
about-company-edit = Change a company
about-company-delete = Put companies into the bin
about-deal = Deals of imported systems
about-deal-list = Deals, the next to close first
about-deal-show = Everything about one deal
about-interaction = Look after what was logged
about-interaction-add = Log one, as `rolo log` does
about-interaction-list = What happened, as `rolo timeline` shows it
about-interaction-show = Everything about one
about-interaction-edit = Change one
about-interaction-delete = Delete some
about-import = Import contacts from files
about-export = Export contacts
about-history = Who changed what, when
about-undo = Take back the latest change, or the one with this number
about-redo = Do again what was taken back
about-query = Complete an address for a mail program
about-check = Examine the whole book
about-config = Show and change settings
about-config-get = Show one setting, or all of them
about-config-set = Change a setting
about-config-path = Where the settings lie
about-config-edit = Open the settings in the editor
about-book = Books by name
about-book-list = The books that have a name
about-book-path = Where the book lies
about-book-new = Make a named book
about-completions = Print completions for a shell
about-demo = Try rolo on a throw-away book with sample people

## What arguments are, by the English text

help-the-name-reads-json-objects-from-stdin = The name; `-` reads JSON objects from stdin
help-one-word-work = One word: `work`
help-what-people-read = What people read
help-an-e-mail-address-several-times-for-several = An e-mail address (several times for several)
help-a-phone-number-as-it-is-written = A phone number, as it is written
help-where-they-work = Where they work
help-the-job-title = The job title
help-a-tag = A tag
help-a-tag-for-every-contact-of-the-file = A tag for every contact of the file
help-the-tag = The tag
help-the-tag-several-with-commas-between = The tag; several with commas between
help-the-birthday-the-year-may-be-missing = The birthday; the year may be missing
help-a-note = A note
help-any-field-city-paris-email-home-a-b-example-a-custom-one = Any field: `city=Paris`, `email.home=a@b.example`, a custom one
help-give-a-field-a-value-an-empty-one-clears-it = Give a field a value; an empty one clears it
help-give-a-field-a-value-outcome-won-at-yesterday = Give a field a value: `outcome=won`, `at=yesterday`
help-what-it-is = What it is
help-only-these-call-email-meeting = Only these: call, email, meeting, ...
help-words-and-filters = Words and filters
help-words-and-filters-without-any-all-contacts = Words and filters; without any, all contacts
help-words-and-filters-without-any-the-whole-book = Words and filters; without any, the whole book
help-words-and-filters-acme-tag-vip-city-paris-quiet-90d = Words and filters: `acme tag:vip -city:paris quiet:90d`
help-words-matched-exactly-and-filters = Words (matched exactly) and filters
help-its-name-or-handle = Its name or handle
help-handle-exact-name-e-mail-phone-or-a-filter-that-matches-one-contact = Handle, exact name, e-mail, phone, or a filter that matches one contact
help-handle-exact-name-e-mail-or-phone = Handle, exact name, e-mail or phone
help-one-contact-with-all-words-matched-exactly-and-filters = One contact; with --all, words (matched exactly) and filters
help-one-contact-without-the-whole-book = One contact; without, the whole book
help-one-contact-or-words-and-filters-without-any-everyone = One contact, or words and filters; without any, everyone
help-for-which-shell = For which shell
help-author-book-color-dates-editor-lang-of-the-book-country-name = author, book, color, dates, editor, lang; of the book: country, name
help-what-it-is-called-in-queries-json-and-csv = What it is called in queries, JSON and CSV
help-its-key = Its key
help-the-column-with-the-system-s-own-id = The column with the system's own id
help-the-value-an-empty-one-takes-the-setting-away = The value; an empty one takes the setting away
help-only-make-the-book-and-print-where-it-lies = Only make the book and print where it lies
help-add-a-value-email-a-b-example-phone-mobile-tag-vip = Add a value: `email=a@b.example`, `phone.mobile=...`, `tag=vip`
help-take-a-value-away-without-a-value-all-of-them = Take a value away; without a value, all of them
help-change-every-contact-that-matches = Change every contact that matches
help-with-all-words-match-fuzzily = With --all: words match fuzzily
help-words-match-fuzzily = Words match fuzzily
help-csv-google-json-jsonl = csv, google, json, jsonl
help-for-which-program = For which program
help-which-records-contacts-unless-said-otherwise-companies-deals-notes-interactions-tasks = Which records: contacts unless said otherwise, companies, deals, notes, interactions, tasks
help-the-file-to-write-stdout-without-it = The file to write; stdout without it
help-its-new-name = Its new name
help-which-columns-for-csv = Which columns, for csv
help-which-columns-name-email-city = Which columns: `name,email,city`
help-a-new-key = A new key
help-text-number-date-yes-no-choice-url = text, number, date, yes/no, choice, url
help-what-can-be-chosen-with-commas-between = What can be chosen, with commas between
help-forms-ask-for-it = Forms ask for it
help-a-regular-expression-that-values-match = A regular expression that values match
help-from-when-on-2026-09-01-last-week-30d = From when on: `2026-09-01`, `last week`, `30d`
help-at-most-so-many-batches = At most so many batches
help-at-most-so-many = At most so many
help-a-number-that-rolo-history-shows-without-the-latest-change-made-on-this-device = A number that `rolo history` shows; without, the latest change made on this device
help-files-to-import-is-stdin = Files to import; `-` is stdin
help-the-system-that-the-file-came-from-found-out-unless-given = The system that the file came from; found out unless given
help-what-a-column-is-lead-status-field-lead-status-org-company-junk-skip = What a column is: `"Lead Status=field:lead_status"`, `Org=company`, `Junk=skip`
help-the-known-system-whose-columns-the-file-has-the-same-as-from = The known system whose columns the file has (the same as --from)
help-list-the-known-systems = List the known systems
help-what-counts-as-the-same-contact-in-this-order = What counts as the same contact, in this order
help-what-happens-to-a-contact-that-is-there = What happens to a contact that is there
help-whether-an-empty-cell-clears-what-the-source-gave-before = Whether an empty cell clears what the source gave before
help-what-happens-to-contacts-that-the-source-no-longer-has = What happens to contacts that the source no longer has
help-the-file-s-encoding-utf-8-gbk-big5-windows-1252 = The file's encoding: utf-8, gbk, big5, windows-1252, ...
help-what-separates-cells-one-character-or-tab = What separates cells: one character, or `tab`
help-which-sheet-of-a-spreadsheet = Which sheet of a spreadsheet
help-which-row-has-the-column-names-from-1-0-if-none-has = Which row has the column names, from 1; 0 if none has
help-how-to-read-03-04-2025 = How to read 03/04/2025
help-the-country-whose-national-phone-numbers-a-new-book-holds = The country whose national phone numbers a new book holds
help-say-what-would-happen-and-change-nothing = Say what would happen, and change nothing
help-import-nothing-if-a-row-is-refused = Import nothing if a row is refused
help-where-refused-rows-go-with-the-reason = Where refused rows go, with the reason
help-its-id-as-the-timeline-shows-it = Its id, as the timeline shows it
help-their-ids-as-the-timeline-shows-them = Their ids, as the timeline shows them
help-by-which-field-desc-for-the-largest-or-latest-first = By which field; `:desc` for the largest or latest first
help-kind-who-text-or-all-of-it-as-one-text-with-names = KIND WHO... [TEXT], or all of it as one text with @names
help-when-it-was-now-unless-said-otherwise = When it was; now unless said otherwise
help-how-long-it-took-15m-1h30m = How long it took: `15m`, `1h30m`
help-they-came-to-us = They came to us
help-we-went-to-them = We went to them
help-a-line-that-says-what-it-was-about = A line that says what it was about
help-what-came-of-it = What came of it
help-a-sum-of-money = A sum of money
help-its-currency = Its currency
help-up-to-when = Up to when
help-another-book-a-file-or-the-name-of-one-also-rolo-book = Another book: a file, or the name of one (also ROLO_BOOK)
help-how-to-write-data = How to write data
help-when-to-use-colours = When to use colours
help-the-language-of-messages = The language of messages
help-who-makes-the-change-for-the-history = Who makes the change, for the history
help-say-nothing-but-errors = Say nothing but errors
help-say-more = Say more
help-don-t-ask = Don't ask
help-the-beginning-of-a-name-address-or-company = The beginning of a name, address or company
help-the-tags-the-one-that-stays-last = The tags, the one that stays last
help-head-usage = Usage:
help-head-commands = Commands
help-head-arguments = Arguments
help-head-options = Options
help-head-everywhere = Everywhere
help-head-print-help = Print help
help-head-print-version = Print version
help-fixed-values = { "[possible values: " }
help-fixed-default = { "[default: " }
help-fixed-alias = { "[alias: " }
help-fixed-help = Print this message or the help of the given subcommand(s)
usage-unknown-argument = there is no argument { $arg }
usage-unknown-command = there is no command { $arg }
usage-missing = missing: { $arg }
usage-no-value = { $arg } needs a value
usage-bad-value = { $arg } can't be { $value }
usage-bad-value-why = { $arg } can't be { $value }: { $why }
usage-no-integer = not a whole number
usage-conflict = { $arg } does not go with { $other }
usage-values-count = { $arg } has too many or too few values
usage-values = possible: { $values }
usage-more = --help shows all arguments
help-only-those-of-this-contact-or-company = Only those of this contact or company
help-its-handle-id-or-title = Its handle, id or title
help-what-a-column-is-lead-status-field-lead-status-org-company-junk-skip-full-name-split-name-city-state-split-address-city-address-region-first-last-name = What a column is: `"Lead Status=field:lead_status"`, `Org=company`, `Junk=skip`, `"Full Name=split name"`, `"City, State=split address.city, address.region"`, `"First+Last=name"`
help-a-value-for-all-rows-stage-customer = A value for all rows: `stage=customer`
help-the-mapping-to-read-by-saved-with-save-or-a-known-system-the-same-as-from = The mapping to read by, saved with --save; or a known system (the same as --from)
help-keep-what-is-said-about-columns-matching-and-tags-as-a-mapping-for-tables-of-this-shape = Keep what is said about columns, matching and tags as a mapping for tables of this shape
help-list-the-saved-mappings = List the saved mappings
help-remove-a-saved-mapping = Remove a saved mapping
help-which-sheet-of-a-spreadsheet-by-its-name-or-number = Which sheet of a spreadsheet, by its name or number
help-say-how-the-file-is-read-too = Say how the file is read, too
help-write-a-table-to-fill-in-and-to-import-file-xlsx-or-file-csv = Write a table to fill in and to import: FILE.xlsx or FILE.csv
help-csv-google-outlook-mailchimp-hubspot-salesforce-zoho-xlsx-vcard-json-jsonl-ldif-ics-html-or-a-system-of-import-profiles = csv, google, outlook, mailchimp, hubspot, salesforce, zoho, xlsx, vcard, json, jsonl, ldif, ics, html, ..., or a system of `import --profiles`
help-leave-out-the-line-that-is-a-message-for-mutt-and-khard = Leave out the line that is a message, for mutt and khard

## screen

screen-failed = { $what }
screen-label = { $what }
screen-added = Added { $name }
screen-logged = Logged with { $names }
screen-revised-over = { $what } · { $fields }: changed elsewhere meanwhile, too; yours stays
screen-unchanged = Nothing changed
screen-undid = Undid: { $what }
screen-redid = Redid: { $what }
screen-undid-nothing = Nothing of it could be taken back, all of it has changed since: { $what }
screen-redid-nothing = Nothing of it could be done again, all of it has changed since: { $what }
screen-undid-partly = Undid: { $what } (left { $count ->
    [one] 1 value
   *[other] { $count } values
} that changed since)
screen-redid-partly = Redid: { $what } (left { $count ->
    [one] 1 value
   *[other] { $count } values
} that changed since)
screen-writing = Saving…
screen-writing-many = Saving { $done } of { $all } · Esc stops
screen-undo-would = u undoes: { $what }
screen-people = People
screen-found-of = { $found } of { $of }
screen-marked-count = { $count } marked
screen-marked = { $count ->
    [one] 1 contact is marked
   *[other] { $count } contacts are marked
}
screen-mark-mistake = The search has a mistake: mend it first, the list still shows what was found before
screen-contacts = { $count ->
    [one] 1 contact
   *[other] { $count } contacts
}
screen-search-hint = search
screen-list-empty = Nobody is here. a adds someone, I imports a file; /archived:yes shows who is archived.
screen-list-nothing = Nobody fits. Esc clears the search.
screen-edit-one = A form is for one contact: Esc takes the marks away. rolo edit QUERY --set FIELD=VALUE --all changes many
screen-nobody = There is nobody here to do that with
screen-no-event = Nothing is selected in the timeline
screen-nameless = (no name)
screen-archived = archived
screen-detail-none = Nobody is selected.
screen-timeline = Timeline
screen-timeline-empty = Nothing yet. i logs a call, a meeting, a note.
screen-too-small = This window is too small: rolo needs { $width } columns and { $height } rows.
screen-copied = Copied { $value }
screen-nothing-to-copy = There is nothing to copy here
screen-sort-name = by name
screen-sort-last = by last contact
screen-sort-created = newest first
screen-ask-discard = What you typed would be lost. Close without saving?
screen-ask-quit = Something is not finished. Leave anyway?
screen-ask-delete = Move { $count ->
    [one] 1 contact
   *[other] { $count } contacts
} to the bin?
screen-yes = yes
screen-no = no
screen-odd-email = does not look like an e-mail address
screen-odd-phone = does not look like a phone number
screen-odd-date = not understood as a date (1980-05-31, --05-31); kept as it is
screen-form-add = New contact
screen-form-edit = Edit contact
screen-form-empty = Fill in at least a name, a company or a way to reach them
screen-form-in-bin = { $who } was moved to the bin meanwhile. Saving once more takes it out of the bin with what you typed.
screen-form-resumed = You had typed this when rolo ended, and it was not saved. Ctrl-S saves it, Esc throws it away.
screen-form-label = (label)
screen-form-service = (service)
screen-form-no-preferred = Only an e-mail or a phone can be the one to use first
screen-log-title = Log with { $who }
screen-log-edit = Edit what was logged
screen-log-kind = kind
screen-log-direction = direction
screen-log-at = when
screen-log-duration = duration
screen-log-amount = amount
screen-log-subject = subject
screen-log-body = text
screen-tag-title = Tags of { $count ->
    [one] 1 contact
   *[other] { $count } contacts
}
screen-tag-hint = Several with commas, -tag takes one away
screen-palette = Commands
screen-palette-none = No such command
screen-help = Keys
screen-first-title = Welcome to rolo
screen-first-intro = This book is empty. How do you want to begin? Everything can be taken back with u.
screen-first-add = Add the first contact
screen-first-folder = Import { $name } (a folder of cards, { $folder })
screen-first-file = Import { $name } ({ $size }, { $folder })
screen-first-other = Import another file: CSV, vCard, a spreadsheet, ...
screen-first-demo = Look around in a demo with sample people
screen-first-language = 改用中文
screen-first-you = Your name and country: { $name }, { $country }
screen-you-title = Who are you?
screen-you-name = name
screen-you-country = country
screen-you-how = The history names you so. Phone numbers without a country code are read by the country: its name, or a code such as US.
screen-you-unknown = not known
screen-you-country-unknown = { $what } is no country that is known: try its code, such as US
screen-first-quit = Quit
screen-import-title = Import
screen-import-hint = A file of contacts: CSV, TSV, JSON, vCard, a spreadsheet, LDIF ... Nothing is written before you have seen what would happen. F2 lists earlier imports.
screen-import-reading = Reading { $file }
screen-import-running = Importing { $file }
screen-import-count = { $count } rows, { $rate } a second
screen-import-left = { $seconds } s left
screen-import-esc = Esc cancels; nothing is changed then
screen-import-cancelling = Cancelling…
screen-import-cancelled = Cancelled: nothing was changed
screen-import-done = Imported { $count ->
    [one] 1 row
   *[other] { $count } rows
}
screen-import-plan = What importing { $file } would do:
screen-import-report = Imported { $file }:
screen-import-read = rows read
screen-import-created = new
screen-import-updated = changed
screen-import-unchanged = nothing new
screen-import-skipped = passed over
screen-import-rejected = refused
screen-import-doubtful = new, but perhaps there already
screen-import-line = line { $line }: { $what }
screen-import-go = Enter imports · Esc goes back
screen-import-undo = Enter closes · u takes the import back · s saves the mapping
screen-import-step-file = which file
screen-import-step-about = what it is
screen-import-step-columns = columns
screen-import-step-options = matching
screen-import-step-rehearsal = rehearsal
screen-import-step-run = under way
screen-import-step-report = report
screen-import-step-past = earlier imports
screen-import-keys-past = u takes the import back, whenever it was; what was edited since stays · Esc goes back
screen-import-past-none = Nothing was imported into this book yet
screen-import-past-undone = (taken back)
screen-import-on-update = they are updated
screen-import-on-fill = they get what they lack
screen-import-on-skip = they are passed over
screen-import-on-add = they are added once more
screen-import-keys-about = Enter goes on · r rehearses at once · Esc goes back
screen-import-key-kind = f another kind of file
screen-import-key-encoding = e encoding
screen-import-key-separator = d separator
screen-import-key-header = n row of the names
screen-import-key-sheet = t another sheet
screen-import-keys-columns = Enter changes · s splits · space marks, + joins · = a value for all rows · f own field · e keep as it is · x leave out · Backspace as proposed · Tab goes on · Esc back
screen-import-keys-options = space changes · Enter or Tab rehearses: nothing is written yet · Esc back
screen-import-column = { $why }: { $samples }
screen-import-column-target = { $target } · { $rest }
screen-import-same = The same contact, by
screen-import-on-match = What happens to those
screen-import-dates = 03/04/2025
screen-import-dates-auto = as the file shows
screen-import-dates-dmy = is 3 April (day first)
screen-import-dates-mdy = is 4 March (month first)
screen-import-dates-ymd = year first
screen-import-empty = Empty cells
screen-import-empty-keep = clear nothing
screen-import-empty-clear = clear what this source gave before
screen-import-tags = Tags for all
screen-import-no-tags = none
screen-import-ask-target = What is { $what }?
screen-import-ask-split = Split { $what }
screen-import-keys-all = ? shows all keys
screen-import-ask-kind = What kind of file is it?
screen-import-ask-encoding = Which encoding?
screen-import-ask-separator = What separates the cells?
screen-import-ask-header = Which row has the names of the columns?
screen-import-ask-sheet = Which sheet?
screen-import-how-kind = Saved mappings come first, then the systems that are known; auto finds out.
screen-import-how-encoding = Choose, or type another; auto finds out.
screen-import-how-separator = One character, or tab; auto finds out.
screen-import-how-header = Its number, from 1; 0 if none has; nothing finds out.
screen-import-how-sheet = Its name.
screen-import-ask-set = A value for all rows
screen-import-ask-tags = Tags for all
screen-import-ask-save = Save the mapping
screen-import-ask-rejects = Write the refused rows
screen-import-how-target = Type to find one, or your own: field:size, phone.summer; name by ", " sets what joins columns.
screen-import-how-split = Choose, or type fields with commas between them; by "-" says what stands between the parts.
screen-import-how-set = FIELD=VALUE, such as stage=customer; FIELD= takes it away again.
screen-import-how-tags = Commas stand between them.
screen-import-how-save = Its name. The next file with these columns is read in the same way.
screen-import-how-rejects = Where to. Mend them there and import the file.
screen-import-set-how = Type FIELD=VALUE, such as stage=customer
screen-import-refused-rows = Refused
screen-import-doubtful-rows = Doubtful
screen-import-new-rows = New
screen-import-remarks = Remarks
screen-import-and-more = … and { $n } more
screen-import-nothing = Nothing had to change · Enter closes · s saves the mapping
screen-import-undo-rejects = Enter closes · u takes the import back · w writes the refused rows to a file · s saves the mapping
screen-context-global = Everywhere
screen-context-people = People
screen-context-search = Search bar
screen-context-form = Forms
screen-context-prompt = Prompts
screen-context-menu = Lists
screen-context-confirm = Questions
screen-do-search = Search by words and filters
screen-do-open = Open the contact, then its timeline
screen-do-add = Add a contact
screen-do-edit = Edit the contact, or the entry of the timeline
screen-do-log = Log a call, a meeting, a note
screen-do-tag = Add and remove tags
screen-do-star = Give or take a star
screen-do-archive = Put into the archive, or take out
screen-do-delete = Move to the bin, or delete the entry of the timeline
screen-do-bin = Show the bin
screen-bin = Bin
screen-bin-nothing = The bin is empty. Esc closes it.
screen-bin-keys = Enter takes it out of the bin, E empties the bin, u undoes, Esc closes
screen-do-undo = Undo the last change
screen-do-redo = Redo what was undone
screen-do-mark = Mark, or take the mark away
screen-do-mark-all = Mark all found, or none
screen-do-copy = Copy the selected value
screen-do-sort = Sort by name, last contact, newest
screen-do-import = Import a file
screen-do-language = Switch the language (中文)
screen-do-palette = Find a command
screen-do-help = Show all keys
screen-do-down = Down
screen-do-up = Up
screen-do-left = To the pane on the left
screen-do-right = To the pane on the right
screen-do-page-down = A page down
screen-do-page-up = A page up
screen-do-top = To the top
screen-do-bottom = To the bottom
screen-do-next-pane = To the next pane
screen-do-previous-pane = To the previous pane
screen-do-back = Back; clears the search, then the marks
screen-do-quit = Back; clears the search, and at the top quits
screen-do-search-done = Go to the results
screen-do-search-clear = Clear the search, then leave it
screen-do-next-cell = To the next field or label
screen-do-previous-cell = To the previous field or label
screen-do-accept = Accept, and on to the next
screen-do-row-down = To the next row; choose a completion
screen-do-row-up = To the previous row; choose a completion
screen-do-save = Save
screen-do-remove-row = Remove the row
screen-do-prefer = Mark the e-mail or phone to use first
screen-do-more-fields = Show all fields, or only the usual ones
screen-do-cancel = Cancel; asks if something would be lost
screen-do-complete = Complete
screen-do-choose = Choose
screen-do-close = Close
screen-do-yes = Yes
screen-do-no = No
screen-do-redraw = Draw the screen anew
screen-do-suspend = Suspend; fg comes back
screen-do-interrupt = Quit; clears the search first
screen-hint-search = search
screen-hint-add = add
screen-hint-edit = edit
screen-hint-log = log
screen-hint-tag = tag
screen-hint-commands = commands
screen-hint-help = help
screen-hint-undo = undo
screen-hint-quit = quit
screen-hint-search-done = results
screen-hint-search-clear = clear
screen-hint-search-down = down
screen-hint-save = save
screen-hint-next-cell = next
screen-hint-cancel = cancel
screen-hint-more-fields = all fields
screen-hint-remove-row = remove row
screen-hint-prompt-accept = accept
screen-hint-complete = complete
screen-hint-prompt-cancel = cancel
screen-hint-choose = choose
screen-hint-menu-down = down
screen-hint-menu-close = back
screen-hint-yes = yes
screen-hint-no = no
screen-kind-person = person
screen-kind-company = company
screen-tier-none = none
screen-tier-high = high
screen-tier-medium = medium
screen-tier-low = low
screen-direction-none = not said
screen-direction-in = in
screen-direction-out = out
screen-event-call = call
screen-event-email = e-mail
screen-event-meeting = meeting
screen-event-message = message
screen-event-note = note
screen-event-visit = visit
screen-event-purchase = purchase
screen-event-request = request
screen-event-feedback = feedback
screen-label-work = work
screen-label-home = home
screen-label-mobile = mobile
screen-label-other = other
screen-label-fax = fax
screen-label-birthday = birthday
screen-label-anniversary = anniversary
screen-label-chinese = lunar
screen-field-name = name
screen-field-kind = kind
screen-field-company = company
screen-field-title = title
screen-field-department = department
screen-field-email = e-mail
screen-field-phone = phone
screen-field-url = web
screen-field-im = chat
screen-field-social = social
screen-field-address = address
screen-field-street = street
screen-field-extended = extended
screen-field-po-box = PO box
screen-field-city = city
screen-field-region = region
screen-field-postcode = postcode
screen-field-country = country
screen-field-date = date
screen-field-birthday = birthday
screen-field-anniversary = anniversary
screen-field-tags = tags
screen-field-note = note
screen-field-consent = consent
screen-field-stage = stage
screen-field-tier = value
screen-field-nickname = nickname
screen-field-prefix = prefix
screen-field-given = given name
screen-field-middle = middle name
screen-field-family = family name
screen-field-suffix = suffix
screen-field-phonetic-given = phonetic given
screen-field-phonetic-middle = phonetic middle
screen-field-phonetic-family = phonetic family
screen-field-owner = owner
screen-field-source = source
screen-field-industry = industry
screen-field-size = size
screen-field-interests = interests
screen-field-language = language
screen-field-time-zone = time zone
screen-field-channel = channel
screen-field-keep-in-touch = keep in touch
screen-field-gender = gender
screen-field-pronouns = pronouns
screen-field-handle = handle
screen-field-created = created
screen-field-updated = updated

# Sharing
share-made = Shared at { $place }.
share-made-next = Let others in with: rolo share invite --for NAME. They type: rolo share join { $place } CODE
share-advice-file = This book ({ $size }) is small enough for one shared file, in a folder that a cloud or a network carries to the others: rolo share init ~/Dropbox/team.rolo
share-advice-folder = This book ({ $size }) is better shared as a folder of small files, so that a change does not carry all of it: rolo share init ~/Nextcloud/team
share-joined = Joined: your own copy is { $path }.
share-followed = This book is shared at { $place } from now on.
error-join-code = to join takes the code that you were given: an admin makes one with rolo share invite
share-warning-place-missing = there is no shared book at { $about }: rolo share sync puts it back or says what to do
share-warning-place-unreadable = what lies at { $about } is cut short or something else: rolo share sync says what to do
share-warning-place-other = { $about } holds another book
share-warning-place-unreachable = { $about } is out of reach: { $arg }
share-invited = On the other device: rolo share join { $place } { $code } (once, until { $expires })
share-synced = Sent { $sent }, received { $received }.
share-waiting = { $n ->
    [one] { $n } change waits
   *[other] { $n } changes wait
  } for others that have not arrived yet.
share-conflicts = { $n ->
    [one] { $n } field was
   *[other] { $n } fields were
  } changed by several people at once; all values are kept: rolo share conflicts
share-no-conflicts = Nothing was changed by several people at once.
share-removed = { $name } is out. What they had, they keep; what is written from now on, they can't read.
share-role-changed = { $name } has another role now.
share-left = This device no longer shares. The book stays as it is.
share-remove-ask = Take { $name } out? What they have, they keep.
share-leave-ask = Stop sharing on this device? The book stays as it is.
share-keys-written = The keys are in { $path }. Keep it apart from this machine; whoever has it and the pass-phrase can read the book.
share-passphrase = A pass-phrase for the keys:{" "}
share-kind-file = shared file
share-kind-folder = shared folder
share-kind- = not synced yet
share-device-out = { $name } (no longer a member)
share-never = never
share-status-place = { $kind }: { $place }
share-status-sync = last sync { $at }, { $n ->
    [one] { $n } change
   *[other] { $n } changes
  } not sent yet
share-role-admin = admin
share-role-writer = writer
share-role-reader = reader
share-warning-bad-file = { $about } is damaged or not what it says ({ $arg }): ignored, its owner puts it there again
share-warning-missing = { $arg ->
    [one] { $arg } change
   *[other] { $arg } changes
  } of { $about } not arrived yet
share-warning-set-back = the place shows an older state of { $about } than was there before: somebody set it back
share-warning-forked = { $about } exists twice: a disk was copied or a back-up restored
share-warning-ignored = { $arg ->
    [one] { $arg } change
   *[other] { $arg } changes
  } of { $about } not counted: whoever made them may not write, or not any more
share-warning-refused = a change of { $about } (number { $arg }) does not follow the one before it: ignored
share-warning-clock = the clock of { $about } is { $arg } minutes ahead
share-warning-clock-hours = the clock of { $about } is { $arg } hours ahead
share-warning-clock-days = the clock of { $about } is { $arg } days ahead
share-warning-own-clock = this computer's clock seems to be { $arg } minutes behind: those of the others are ahead of it
share-warning-own-clock-hours = this computer's clock seems to be { $arg } hours behind: those of the others are ahead of it
share-warning-own-clock-days = this computer's clock seems to be { $arg } days behind: those of the others are ahead of it
share-warning-read-only = you may only read here: { $arg ->
    [one] { $arg } change
   *[other] { $arg } changes
  } of yours kept on this device
share-warning-code-taken = somebody else came in by the code that you joined with: ask for another one and join with a new book (--book NAME); { $arg ->
    [one] { $arg } change
   *[other] { $arg } changes
  } of yours kept on this device
share-warning-copy = a conflicted copy was merged in and set aside: { $about }
share-warning-new-identity = this book had been set back or copied: the device goes on under a new identity
error-role = { $role } is no role: reader, writer or admin
error-share-choice = say which value stays: --value V, or --shown
error-share-no-passphrase = the pass-phrase is missing: set ROLO_PASSPHRASE, or give it as the first line of stdin
error-share-passphrase = an empty pass-phrase protects nothing
error-not-shared = this book is not shared
error-reads-only = you may only read this shared book, so you can't erase for everybody
hint-not-shared = rolo share init PLACE shares it; rolo share join PLACE CODE joins one
hint-reads-only = an admin can erase, or make you a writer (rolo share role)
    .screen = P shares it
error-shared = this book is shared already
hint-shared = rolo share status says where
    .screen = P says where
error-place-taken = { $path } holds a shared book already
hint-place-taken = rolo share join { $path } CODE joins it
    .screen = whoever wants to join it begins with a book of their own: rolo --book NAME share join { $path } CODE
error-sync-runs = another sync of this book is under way
error-code-typo = the code is not typed as it was given
error-code-wrong = this place has no invitation with that code
error-code-used = the code has been used
error-code-expired = the code has expired
error-code-revoked = the code was taken back
hint-code = an admin makes another one with rolo share invite
    .screen = an admin makes another one with P, then i
hint-code-typo = check it for typing mistakes; if it was given to you so, an admin makes another one with rolo share invite
    .screen = check it for typing mistakes; if it was given to you so, an admin makes another one with P, then i
error-no-key = the keys to what lies in the place have not arrived here
hint-no-key = the device that shared the book, or another admin's, has to sync first; if it has, wait until the sync tool has brought all files
error-not-allowed = only an admin may do that
error-share-author = the others have to know who you are: add --author NAME, or set it with rolo config set author NAME
share-called = The others know you as { $name }: your changes bear that name from now on (rolo config set author NAME changes it)
error-not-admitted = this device has only just joined: an admin's other device has to sync once before it may do that
error-last-admin = nobody else is an admin: the others could never let anybody in or take anybody out again
hint-last-admin = make somebody else one first: rolo share role NAME admin
    .screen = make somebody else one first: go to them and press r
error-place-missing = there is no shared book at { $path }
hint-place-missing = check that the folder is there and has finished syncing; a book that lies elsewhere now is found again with rolo share join NEWPLACE, without a code
error-place-unreadable = { $path } is cut short, or something else lies there under its name
hint-place-unreadable = wait until the sync tool has finished; if it stays so, move that file away and sync: every device puts back what it has
error-place-book = { $path } is a book, not a place to share one in
error-place-other = { $path } holds another book
error-not-found-member = nobody who shares this book is called { $who }
error-not-found-conflict = there is no conflict about { $who }
hint-not-found-member = rolo share members shows all
hint-not-found-conflict = rolo share conflicts shows all
label-resolve = Chose a value of { $who }
label-erased = Something about somebody who was erased
about-share = Share the book with other devices and people
about-share-init = Share this book at a place that others can reach
about-share-invite = Make a code that lets one device in
about-share-join = Make a book out of a shared one
about-share-sync = Send and receive
about-share-status = How sharing stands
about-share-conflicts = What was changed by several people at the same time
about-share-resolve = Choose between values that several people gave
about-share-members = Who shares this book
about-share-role = Change what a member may do
about-share-remove = Take a member out; what they have, they keep
about-share-leave = Stop sharing on this device; the book stays
about-share-keys = Write this device's keys into a file, sealed with a pass-phrase
field-which = field
field-shown = shown
field-others = others
field-last-seen = last seen
field-behind = not here yet
field-lacks = has not yet
field-devices = devices
field-role = role
share-warning-removed = you are no longer a member: what you had stays yours, { $arg ->
    [one] { $arg } change
   *[other] { $arg } changes
  } of yours kept on this device
book-behind = Bringing the book to this version of rolo, once; that takes some seconds
book-carried-about = { $path } lies in a folder that a cloud or the network carries about. A book that is worked in there can be damaged: move it elsewhere and share it from there with rolo share init
help-a-file-whose-name-ends-in-rolo-or-a-folder-without-it-which-of-them-suits-this-book = A file whose name ends in .rolo, or a folder; without it, which of them suits this book
help-what-they-may-do-reader-writer-unless-told-otherwise-or-admin-further-devices-have-their-owner-s-role = What they may do: reader, writer (unless told otherwise) or admin; further devices have their owner's role
help-for-whom-for-your-own-further-devices-your-own-name = For whom; for your own further devices, your own name
help-how-many-days-the-code-is-good-for = How many days the code is good for
help-the-shared-file-or-folder = The shared file or folder
help-the-code-that-you-were-given-none-if-the-place-of-this-book-has-moved = The code that you were given; none if the place of this book has moved
help-the-contact = The contact
help-the-contact-or-the-id-of-the-conflict = The contact, or the id of the conflict
help-the-field-as-conflicts-shows-it-the-id-of-a-conflict-needs-none = The field, as conflicts shows it; the id of a conflict needs none
help-this-value = This value
help-the-one-that-is-shown = The one that is shown
help-the-member-or-their-id = The member, or their id
help-reader-writer-or-admin = reader, writer or admin
help-the-file-the-pass-phrase-is-rolo-passphrase-or-the-first-line-of-stdin = The file; the pass-phrase is ROLO_PASSPHRASE or the first line of stdin
ask-erase = Erase { $what }, from the history, too? Nothing can bring that back.
erased = Erased { $what }. Back-ups and files that were exported before still hold that.
erase-contacts = { $n ->
    [one] 1 contact
   *[other] { $n } contacts
}
erase-interactions = { $n ->
    [one] 1 interaction
   *[other] { $n } interactions
}
erase-tasks = { $n ->
    [one] 1 task
   *[other] { $n } tasks
}
erased-with-others = { $n ->
    [one] 1 interaction with others, too, stays without them; its text
   *[other] { $n } interactions with others, too, stay without them; their texts
} may still name them
erased-shared = other devices erase at their next sync; rolo share status names those that have not
error-company = that is a company: only people can be erased
hint-company = rolo delete puts it into the bin
share-status-erasing = not erased yet at: { $names }
label-erase = Erased { $who }
error-erased = an erasure can't be taken back
hint-erased = rolo undo NUMBER takes back what was done before it; rolo history has the numbers
about-privacy = Look after people's privacy
about-privacy-erase = Erase people for good, from the history and the files of a shared book, too
share-revoked = The code lets nobody in any more.
error-not-found-code = nobody was invited by that code, or it was used or taken back already
about-share-revoke = Take back a code that nobody has used yet
about-share-restore = Make a book out of a shared one with keys that were backed up
help-the-code = The code
help-the-file-with-the-keys = The file with the keys

## screen: sharing

screen-context-share = Sharing
screen-context-conflicts = Conflicts
screen-do-share = Share the book, or see how sharing stands
screen-do-conflicts = Show what several people changed at once
screen-do-sync = Sync now
screen-do-invite = Let somebody in
screen-do-role = Change what a member may do
screen-do-remove-member = Take a member out
screen-do-stop-sharing = Stop sharing on this device
screen-do-copy-invitation = Copy what the other person types
screen-do-choose-value = Take the highlighted value, for everyone
screen-do-value-left = To the value on the left
screen-do-value-right = To the value on the right
screen-do-next-value = To the other value
screen-hint-invite = invite
screen-hint-sync-now = sync
screen-hint-share-conflicts = conflicts
screen-hint-role = role
screen-hint-remove-member = remove
screen-hint-stop-sharing = stop
screen-hint-copy-invitation = copy
screen-hint-share-help = help
screen-hint-share-close = back
screen-hint-choose-value = take it
screen-hint-next-value = other value
screen-hint-conflicts-down = next
screen-hint-conflicts-help = help
screen-hint-conflicts-undo = undo
screen-hint-conflicts-close = back
screen-share-syncing = syncing…
screen-share-synced-now = synced just now
screen-share-synced = synced { $span } ago
screen-share-synced-brief = { $span } ago
screen-share-never = never synced
screen-share-offline = offline · last synced { $span } ago
screen-share-offline-now = offline · last synced just now
screen-share-offline-brief = offline
screen-share-failed = not synced
screen-share-conflicts = { $count ->
    [one] { $count } conflict
   *[other] { $count } conflicts
}
screen-share-unsent = { $count ->
    [one] { $count } change not sent
   *[other] { $count } changes not sent
}
screen-share-waiting = { $count ->
    [one] { $count } change waits for others that have not arrived yet
   *[other] { $count } changes wait for others that have not arrived yet
}
screen-share-title = Sharing
screen-share-not = This book is not shared; P shares it
screen-share-intro = Share this book with your other machines and with colleagues. Everyone works on a copy of their own, offline too; the place below only carries the changes, sealed so that only members can read them. Choose a folder that Dropbox, Nextcloud, OneDrive, Syncthing or a network drive brings to all of you.
screen-share-advice-file = Recommended for this book ({ $size }): one file, named as team.rolo is.
screen-share-advice-folder = Recommended for this book ({ $size }): a folder of small files, so that a change does not carry all of it. A name such as team.rolo would make one file.
screen-share-place = place
screen-share-propose-keys = Enter shares the book there · Tab completes · Esc not now
screen-share-no-place = Type a file name such as ~/Dropbox/team.rolo, or a folder, where the others can get it. No folder of Dropbox, Nextcloud, OneDrive or Syncthing was found in your home folder.
screen-share-carried = This book lies in a folder that a cloud or the network carries about: { $place }. A book that is worked in there can be damaged.
screen-share-carried-offer = rolo can make a shared one of it: the book moves to a folder of your own, and what the others get lies where it is now. Nothing is lost, and whoever opens it there learns how to join.
screen-share-carried-keys = Enter does that · Esc not now (this is asked once; P comes back to it)
screen-share-moved = From now on: rolo --book { $name }. The book lies at { $path }, and is shared where it was
screen-share-sharing = Sharing the book…
screen-share-inviting = Making a code…
screen-share-made = Shared at { $place }
screen-share-alone = Nobody else is in yet: i makes a code that lets the first one in.
screen-share-last = Synced { $span } ago ({ $at })
screen-share-all-sent = all of yours is sent
screen-share-offline-why = Offline: { $why }. Your changes wait here and are sent by themselves.
screen-share-failed-why = Not synced: { $why }
screen-share-members = Members
screen-share-devices = Devices
screen-share-device-count = { $count ->
    [one] { $count } device
   *[other] { $count } devices
}
screen-share-this-device = this one
screen-share-heard = heard from { $span } ago
screen-share-heard-now = heard from just now
screen-share-not-heard = not heard from yet
screen-share-behind = { $count ->
    [one] { $count } of its changes is on the way here
   *[other] { $count } of its changes are on the way here
}
screen-share-has-all = has all of yours
screen-share-lacks = { $count ->
    [one] has not got { $count } change of yours yet
   *[other] has not got { $count } changes of yours yet
}
screen-share-choose-member = Go to a member first (↓)
screen-share-remove-ask = Take { $name } out? What they have, they keep: nobody can take a copy back. What is written from now on, they can't read, and what they write counts nowhere.
screen-share-leave-ask = Stop sharing on this device? The book stays here as it is, with all that has arrived. Coming back in takes a new code.
screen-share-invite-title = Let somebody in
screen-share-role-title = What { $name } may do
screen-share-name = name
screen-share-role = role
screen-share-name-hint = Who it is for; your own name for another device of yours. Enter goes on.
screen-share-role-keys = ← → chooses, Enter accepts
screen-share-means-writer = Writers read and change everything.
screen-share-means-reader = Readers read everything; what they change stays on their own device.
screen-share-means-admin = Admins also let others in, take them out and change roles.
screen-share-code-for = A code for { $name } ({ $role }):
screen-share-code-any = A code for one device ({ $role }):
screen-share-code-good = It lets one device in, once, until { $until }. Send it by another way than the folder.
screen-share-they-do = What the other person does:
screen-share-they-first = 1. wait until { $place } has arrived on their machine
screen-share-they-screen = 2. start rolo, choose "Join a book that others share with you", type where that file or folder lies on their machine, and the code
screen-share-they-or = or, instead of 2, in a terminal:
screen-first-join = Join a book that others share with you
screen-join-title = Join a shared book
screen-join-place = place
screen-join-code = code
screen-join-name = your name
screen-join-how = The shared file or folder on this machine (Tab completes), the code that you were given, and what the others know you by. Enter goes on, and joins at the last.
screen-join-no-place = Where does the shared file or folder lie on this machine?
screen-join-no-code = Which code were you given? An admin makes one with P, then i.
screen-join-no-name = What do the others know you by?
screen-join-joining = Joining: the book is on its way…
screen-join-joined = Joined: this is your own copy. It syncs by itself; P shows with whom.
screen-join-book-there = This book has been in use: join into a new one with rolo --book NAME share join PLACE CODE
screen-conflicts = Conflicts
screen-conflicts-none = Nobody contradicts anybody: each field has one value.
screen-conflicts-how = Several people changed these at the same time. Both values are kept until somebody chooses; what you choose holds for everyone.
screen-conflicts-shown = shown
screen-conflicts-kept = kept: somebody changed it at the same time
screen-conflicts-deleted = deleted
screen-conflicts-empty = (empty)
screen-conflicts-field-deleted = deleted?
screen-conflicts-field-method-value = e-mail, phone or link
screen-conflicts-field-method-label = label of an e-mail, phone or link
screen-conflicts-field-interaction-body = text of an event
screen-conflicts-field-interaction-subject = subject of an event
screen-event-by = by { $author }
screen-share-just-now = just now
screen-share-last-now = Synced just now ({ $at })
