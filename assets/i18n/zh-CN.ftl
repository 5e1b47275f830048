# rolo 的简体中文信息。键与参数和 en.ftl 相同，由测试保证。

## words

yes = 是
count-contacts = { $n } 位联系人
nothing-changed = 没有改动
nothing-found = 没有找到
undo-with = 撤销：rolo undo
redo-with = 重做：rolo redo

## spans, dates

span-minutes = { $n }分钟
span-hours = { $n }小时
span-days = { $n }天
span-months = { $n }个月
span-years = { $n }年
duration-minutes = { $n } 分钟
duration-hours = { $n } 小时
duration-both = { $hours } 小时 { $minutes } 分钟

## kinds

kind-person = 个人
kind-company = 公司
kind-call = 电话
kind-email = 邮件
kind-meeting = 会面
kind-message = 消息
kind-note = 记录
kind-visit = 拜访
kind-purchase = 购买
kind-request = 请求
kind-feedback = 反馈

## fields and columns

field-id = 编号
field-handle = 编号
field-name = 姓名
field-kind = 类型
field-given = 名
field-middle = 中间名
field-family = 姓
field-prefix = 称谓
field-suffix = 后缀
field-nickname = 昵称
field-phonetic-given = 名读音
field-phonetic-middle = 中间名读音
field-phonetic-family = 姓读音
field-company = 公司
field-title = 职位
field-department = 部门
field-email = 邮箱
field-emails = 邮箱
field-phone = 电话
field-phones = 电话
field-url = 网址
field-urls = 网址
field-im = 即时通讯
field-ims = 即时通讯
field-social = 社交账号
field-socials = 社交账号
field-address = 地址
field-street = 街道
field-city = 城市
field-region = 省份
field-postcode = 邮编
field-country = 国家
field-birthday = 生日
field-anniversary = 纪念日
field-date = 日期
field-dates = 日期
field-tags = 标签
field-links = 关系
field-note = 备注
field-stage = 阶段
field-tier = 等级
field-owner = 负责人
field-language = 语言
field-time-zone = 时区
field-industry = 行业
field-size = 规模
field-interests = 兴趣
field-source = 来源
field-channel = 首选联系方式
field-keep-in-touch = 保持联系
field-photo = 照片
field-gender = 性别
field-pronouns = 人称代词
field-starred = 星标
field-archived = 归档
field-created = 创建
field-updated = 更新
field-last = 最近
field-next = 下次
field-people = 人员
field-count = 联系人数
field-key = 键
field-value = 值
field-type = 类型
field-choices = 选项
field-pattern = 格式
field-used = 使用数
field-at = 时间
field-with = 与
field-text = 内容
field-direction = 方向
field-duration = 时长
field-subject = 主题
field-body = 正文
field-outcome = 结果
field-amount = 金额
field-currency = 币种
field-author = 操作者
field-batch = 编号
field-edits = 改动数
field-label = 操作
field-current = 当前
field-path = 路径
field-line = 行
field-column = 列
field-message = 说明
field-field = 对应
field-total = 总数

## records, as the history names them

record-contact = 联系人
record-method = 联系方式
record-address = 地址
record-date = 日期
record-tag = 标签
record-tagging = 标签
record-field = 自定义字段
record-value = 自定义值
record-link = 关系
record-interaction = 往来
record-participant = 参与者
record-extra = 附加内容
record-identity = 外部编号
record-setting = 设置

## what a batch did

label-add = 已添加 { $who }
label-add-many = 已添加 { $who }
label-edit = 已修改 { $who }
label-delete = 已删除 { $who }
label-restore = 已恢复 { $who }
label-empty-bin = 已清空回收站（{ $who }）
label-tag = 已给 { $who } 加标签
label-untag = 已去掉 { $who } 的标签
label-rename-tag = 标签 { $who } 已改名为 { $to }
label-delete-tag = 已删除标签 { $who }
label-merge-tags = 标签 { $who } 已并入 { $to }
label-field-add = 已建立字段 { $who }
label-field-edit = 已修改字段 { $who }
label-field-delete = 已删除字段 { $who }
label-log = 已记录与 { $to } 的 { $who }
label-edit-interaction = 已修改一条 { $who } 记录
label-import = 已导入 { $who }
label-setting = 已将 { $who } 设为 { $to }
label-export = 已导出 { $who }
label-star = 已给 { $who } 加星标
label-unstar = 已去掉 { $who } 的星标
label-archive = 已归档 { $who }
label-unarchive = 已将 { $who } 移出归档
label-delete-interaction = 已删除往来记录
added = 已添加 { $name }（{ $handle }）
added-many = 已添加 { $n } 位联系人
undone = 已撤销：{ $what }
redone = 已重做：{ $what }
undo-kept = 之后又有改动，保持不变：{ $name }，{ $field }

## questions

ask-yes-no = [y/N]
ask-delete = 删除 { $n } 位联系人？
ask-edit = 修改 { $n } 位联系人？
ask-tag = 给 { $n } 位联系人加标签？
ask-untag = 去掉 { $n } 位联系人的标签？
ask-empty-bin = 清空回收站中的 { $n } 位联系人？
ask-delete-tag = 删除 { $n } 位联系人的这个标签？
ask-delete-field = 删除该字段及 { $n } 位联系人的值？
ask-delete-interactions = 删除 { $n } 条往来记录？
hint-yes = 如要继续，请加 --yes
pick-which = { $who } 可能是以下几位，是哪一位？
pick-none = 没有选择

## lists and cards

book-empty = 通讯录是空的：用 rolo add 添加，或用 rolo import 导入
list-more = 显示 { $total } 位中的 { $shown } 位
show-timeline = 往来
show-more = 更多：rolo timeline { $handle }
timeline-empty = 还没有往来记录
bin-empty = 回收站是空的
no-tags = 还没有标签
no-fields = 还没有自定义字段
no-books = 还没有通讯录；添加第一位联系人时会建立 { $path }
book-made = 已建立通讯录 { $name }：{ $path }
query-found = rolo：{ $n } 个地址
history-empty = 还没有改动
history-more = 最近 { $n } 批；用 --limit 查看更多
history-undoes = 撤销了 { $batch }：{ $what }
history-undone = { $what }（已撤销）
check-fine = 通讯录完好
check-wrong = 发现 { $n } 处问题
config-set = { $key } = { $value }
demo-made = 示例通讯录已就绪，试试：rolo --book { $path } list

## editor

edit-kept = 你的输入保存在 { $path }
edit-again = 请改正后保存；不作改动直接保存即放弃
editor-failed = 编辑器 { $editor } 出错：{ $why }
hint-editor = 请设置 VISUAL 或 EDITOR，或 rolo config set editor 命令
usage-edit-nothing = 没有可供编辑的终端
hint-edit-flags = 请用 --set、--add 或 --remove 说明改动
hint-config-set = 请用 rolo config set 键 值
usage-edit-all = --all 需要配合 --set、--add 或 --remove

## usage

usage-unknown-flag = 无法识别的参数 { $flag }（如为文本请加引号）
usage-no-tag = 标签需要名称
usage-log-who = 与谁？rolo log 类型 联系人... [内容]
usage-book-name = 通讯录名称应为一个词：{ $name }
error-no-terminal = 界面需要终端
hint-no-terminal = rolo --help 列出无需终端的命令

## errors

error-not-found = 找不到 { $who }
error-not-found-contact = 没有联系人 { $who }
error-not-found-tag = 没有标签 { $who }
error-not-found-field = 没有自定义字段 { $who }
error-not-found-interaction = 没有编号为 { $who } 的往来记录
error-not-found-company = 没有公司 { $who }
error-not-found-batch = 历史中没有编号 { $who }
hint-not-found-contact = 用 rolo list 加关键词查找联系人
hint-not-found-tag = rolo tag list 列出所有标签
hint-not-found-field = rolo field list 列出所有自定义字段
hint-not-found-interaction = rolo timeline 显示编号
hint-not-found-company = rolo company list 列出所有公司
hint-not-found-batch = rolo history 显示编号
error-ambiguous = { $who } 可能是以下几位：
hint-ambiguous = 请用前面的编号指明
error-unknown-field = 没有字段 { $name }
hint-unknown-field = rolo field add 键 可以建立自己的字段
hint-meant = 是否指 { $nearest }？
error-bad-value = { $field }：{ $value } 不合适（应为：{ $expected }）
expected-date = 日期：1980-04-02、1980年4月2日、--04-02
expected-number = 数字
expected-yes-no = 是或否
expected-span = 时长：15m、1h30m、3个月
expected-duration = 时长：15m、1h30m
expected-email = 邮箱地址
expected-country = 国家代码：US、CN
expected-key = 不含空格、= 或 : 的键
expected-choices = 至少一个选项
expected-pattern = 字段规定的格式
expected-regular-expression = 正则表达式
expected-kind = 类型：call、email、meeting 等
expected-name = 名称
when-unknown = { $text } 不是可识别的时间
when-ambiguous = { $text } 可能指两个日期
when-no-such = 不存在的时间：{ $text }
when-out-of-range = { $text } 超出范围
hint-when = 时间可以写成：今天、下周五下午3点、3天前、2026-09-14 15:30
error-exists = { $name } 已存在
error-exists-company = 公司 { $name } 已存在
error-exists-tag = 标签 { $name } 已存在（可用 rolo tag merge 合并）
error-exists-field = 字段 { $name } 已存在
error-exists-book = 通讯录 { $name } 已存在
error-exists-contact = { $name } 已在通讯录中
error-nameless = 联系人需要姓名、公司或联系方式
error-nothing-to-undo = 没有可撤销的操作
hint-nothing-to-undo = rolo history 显示历史；rolo undo 编号 可撤销其中任何一批
error-nothing-to-redo = 没有可重做的操作
error-already-undone = 第 { $batch } 批已经撤销
hint-already-undone = 用 rolo redo 重做
error-text = 第 { $line } 行：{ $message }
error-io = { $path }：{ $why }
error-io-missing = { $path }：文件不存在
error-io-denied = { $path }：没有权限
error-io-folder = { $path } 是文件夹
error-io-full = { $path }：磁盘已满
error-strict = { $n } 行被拒绝，因此没有导入；第一处：{ $first }
hint-strict = 不加 --strict 则保留正常的行；--rejects 文件 收集其余的行
error-cancelled = 已停止，没有改动

## errors of the book

error-busy = 另一个 rolo 正在写入通讯录
hint-busy = 请在其完成后重试
error-not-a-book = { $path } 不是 rolo 通讯录
hint-not-a-book = 要导入其中的联系人，请用 rolo import
error-newer = { $path } 由更新版本的 rolo 写成（格式 { $found }，本版本支持 { $known }）
hint-newer = 请更新 rolo；通讯录未被改动
error-damaged = 通讯录已损坏：{ $why }
hint-damaged = rolo check 会说明问题所在
error-full = 磁盘已满
error-read-only = { $path } 无法写入
error-missing-book = { $path } 处没有通讯录
error-bug = 不应出现的错误：{ $why }
hint-bug = 请作为缺陷报告

## mistakes in a query

query-unknown-field = 没有字段 { $name }
query-bad-number = { $text } 不是数字
query-bad-date = { $text } 不是日期
query-bad-span = { $text } 不是时长（90d、3mo）
query-bad-flag = { $text } 既不是“是”也不是“否”
query-expected-value = { $field } 后面缺少值
query-no-order = { $field } 没有顺序，不能用范围
query-unclosed-quote = 缺少另一个引号
query-unclosed-paren = 缺少右括号 )
query-unopened-paren = 没有与之对应的左括号 (
query-expected-field = 缺少字段名
query-expected-term = 此处缺少内容
query-too-deep = 括号嵌套过深
query-too-long = 查询过长
hint-query-field = 如要查找文本请加引号："..."

## files

exchange-empty = { $path } 是空的
exchange-binary = { $path } 是无法识别的二进制文件
exchange-not-yet = { $path }：暂不支持 { $format } 文件
hint-not-yet = 请从原程序导出为 CSV
exchange-encoding = { $path }：没有编码 { $name }
exchange-profile = { $path }：没有名为 { $name } 的系统（已知：{ $known }）
exchange-bad-profile = { $path }：配置 { $name } 第 { $line } 行：{ $message }
exchange-column = { $path } 没有列 { $name }
hint-columns = 它的列：{ $known }
exchange-target = 列不能对应到 { $name }
hint-target = --map 可用字段（email、title 等）、field:键（自定义字段）或 skip
exchange-header-row = { $path } 没有可作列名的第 { $row } 行
exchange-broken-json = { $path } 第 { $line } 行第 { $column } 列：{ $message }
warning-malformed = { $column } 有 { $value } 个字节不属于该编码，已替换为 �
warning-nul = { $column } 去掉了 { $value } 个 NUL 字符
warning-stray-quote = { $column } { $value } 单元格内的引号按文本读入
warning-no-date = { $column }：{ $value } 不是可识别的日期，原样保留
warning-ambiguous-date = { $column }：{ $value } 可能是两个日期，原样保留；可用 --date-order 指定
warning-duplicate-column = 列 { $column } 重复，改称 { $value }
warning-unmapped = 没有对应字段、原样保留的列（{ $value }）：{ $column }
warning-guessed-encoding = { $column } 编码推测为 { $value }；可用 --encoding 指定
warning-no-header = { $column } { $value } 没有找到列名行
warning-preamble = { $column } 跳过了列名前的 { $value } 行

## import and export

import-done = 读取 { $read }：新建 { $created }，更新 { $updated }，未变 { $unchanged }，跳过 { $skipped }，拒绝 { $rejected }
import-dry = 没有改动（--dry-run）
import-doubtful = 新建的联系人中有 { $n } 位可能已存在
import-rejects = 被拒绝的行在 { $path }，改正后可再次导入
import-no-rejects = --rejects 文件 收集被拒绝的行
import-progress = { $count } 行，{ $rate }/秒
import-left = 还需 { $left }
import-line = 第 { $line } 行：{ $message }
import-more = 还有 { $n } 条警告；-v 显示全部
usage-import-map = --map 的写法是 列=字段：{ $text }
exported = 已导出 { $n } 位联系人
exported-to = { $what } 到 { $path }
export-later = { $format } 将在以后的版本提供；现有 csv、google、json、jsonl

## settings

config-syntax = 不是有效的 TOML：{ $message }
config-unknown-key = 没有设置项 { $key }
hint-config-keys = 设置项有：{ $known }
config-not-text = { $key } 的值应为带引号的文本

## help

about = 本地优先的终端通讯录
about-add = 添加联系人并输出编号
about-list = 列出联系人
about-count = 输出联系人数量
about-show = 显示一位联系人的全部信息
about-edit = 修改联系人
about-delete = 将联系人移入回收站
about-bin = 已删除的联系人
about-bin-list = 回收站内容，最近的在前
about-bin-restore = 从回收站恢复
about-bin-empty = 清空回收站
about-tag = 给联系人加标签，管理标签
about-tag-add = 加标签
about-tag-remove = 去掉标签
about-tag-list = 所有标签及联系人数
about-tag-rename = 标签改名
about-tag-delete = 删除标签
about-tag-merge = 合并标签
about-field = 管理自定义字段
about-field-add = 建立自定义字段
about-field-list = 所有自定义字段
about-field-edit = 修改自定义字段
about-field-delete = 删除自定义字段及其值
about-log = 记录电话、会面、备注等往来
about-timeline = 往来记录，最近的在前
about-company = 公司及其人员
about-company-add = 添加公司并输出编号
about-company-list = 公司及人数
about-company-show = 一家公司的全部信息
about-company-edit = 修改公司
about-company-delete = 将公司移入回收站
about-interaction = 管理往来记录
about-interaction-add = 记录一条，同 rolo log
about-interaction-list = 往来记录，同 rolo timeline
about-interaction-show = 一条往来的全部信息
about-interaction-edit = 修改一条
about-interaction-delete = 删除
about-import = 从文件导入联系人
about-export = 导出联系人
about-history = 谁在何时改了什么
about-undo = 撤销最近的改动，或指定编号的改动
about-redo = 重做撤销的改动
about-query = 为邮件程序补全地址
about-check = 检查整个通讯录
about-config = 查看和修改设置
about-config-get = 显示一项或全部设置
about-config-set = 修改设置
about-config-path = 设置文件的位置
about-config-edit = 在编辑器中打开设置
about-book = 按名称管理通讯录
about-book-list = 有名称的通讯录
about-book-path = 通讯录的位置
about-book-new = 建立有名称的通讯录
about-completions = 输出 shell 补全脚本
about-demo = 用示例通讯录试用 rolo
