# Words of the read pages, English. Every key stands in all three files; a test holds them together.
# $n is a number written for the reader's locale, $count the same number for the choice of the form.

tongue = English
skip = Skip to the report
skip-main = Skip to the content
interface-language = Language of this page
home = Stories
search = Search
page-of = { $title } · Selon

## Report
report = Report
article = Text of the report
reading = What the report says, and who says so
no-title = No title found
marker = marker { $marker }
outlet = Outlet
byline = Byline
published = Published
modified = Changed
language = Language
address = Address
day-of-text = Day in the text
not-stated = not stated
not-found = none found
unknown = unknown
inferred = inferred
inferred-from-posts = inferred from the posts
year-inferred = year inferred
page-type = Kind of page
type-article = article
type-live = live blog
type-several = several articles on one page
type-listing = list of articles
type-none = no article
type-gallery = gallery
type-video = video page
part-of-page = part { $n } of the page
jump = On this page
to-text = Text
legend = Marked in the text
mark-source = speaker
mark-cue = cue
mark-hedge = hedge
empty-text = There is no text to read in this input.

## Statements
statements = Statements
statements-count = { $count ->
    [one] { $n } statement
   *[other] { $n } statements
}
statements-none = No statement with a speaker or a quotation was found.
statement-at = Statement { $id }, in its words
words-of = Words in the text
mode-direct = direct quotation
mode-indirect = indirect speech
mode-mixed = partly quoted
kind-post = post
chain = Way of the words
this-report = this report
nobody-named = nobody named
source-words = written here as
source-of = source of { $id }
inherited = relay taken over from an earlier statement
hedge-words = weakened by
hedge-reportative = conditional of hearsay
hedge-prospective = announced for later
hedge-hypothetical = hypothetical
hedge-lexical = hedging word
hedge-denial = denial
addressee = said to
said-when = said
firm-asserted = stated as fact by its source
firm-reported_unverified = hearsay, not reported as fact
firm-expected = expected, not yet reported as done
firm-hypothetical = hypothetical
firm-denied = denied
firm-demand = demand
firm-proposal = proposal
firm-opinion = opinion
kind-named = named person or body
kind-office = office
kind-agency = news agency
kind-outlet = outlet
kind-document = document
kind-unnamed = one unnamed source
kind-collective_unnamed = several unnamed sources
kind-author = author of the post
how-told = told to
how-cited_by = cited by
how-interviewed_by = interviewed by
how-reported_by = reported by
how-via = via
how-on_platform = on
how-in_communique = in a communiqué
unsure = To be checked
unsure-confidence = the reader is unsure of this one
unsure-nobody = quoted, but the text names nobody as its speaker
unsure-unnamed = the speaker is not named
also-at = said again at
characters = characters { $from }–{ $until }
rule = rule
about-reading = How this was read

## Figures
figures = Figures
figures-count = { $count ->
    [one] { $n } figure
   *[other] { $n } figures
}
figures-none = No figure was found.
figures-caption = Figures of people and events: how many, of what, says who
others-caption = Other counts in the text, kept apart so that nobody takes them for tolls
others = Other counts
col-value = How many
col-what = Of what
col-says = Says who
col-against = Cannot be so together with
col-window = Window
col-words = Words
col-rule = Rule
bound-equal = { $value }
bound-more = more than { $value }
bound-at-least = at least { $value }
bound-less = less than { $value }
bound-at-most = at most { $value }
bound-about = about { $value }
bound-nearly = nearly { $value }
bound-vague-from = some, { $value } or more (vague word)
bound-vague-between = some, between { $lower } and { $upper } (vague word)
bound-vague = an indefinite number
bound-between = between { $lower } and { $upper }
bound-percent = { $value } %
bound-ratio = a share of { $value }
bound-none = number not understood
before-that = before that: { $value }
part-of = part of { $id }
own-words = the report itself, attributed to nobody
outlet-unknown = outlet unknown
window-none = not stated
window-last = over { $length }
length-hours = { $count ->
    [one] { $n } hour
   *[other] { $n } hours
}
length-minutes = { $count ->
    [one] { $n } minute
   *[other] { $n } minutes
}
length-days = { $count ->
    [one] { $n } day
   *[other] { $n } days
}
length-weeks = { $count ->
    [one] { $n } week
   *[other] { $n } weeks
}
length-months = { $count ->
    [one] { $n } month
   *[other] { $n } months
}
length-years = { $count ->
    [one] { $n } year
   *[other] { $n } years
}
unit-civilians = civilians
unit-persons = people
unit-children = children
unit-women = women
unit-fighters = fighters
unit-soldiers = soldiers
unit-police = police officers
unit-refugees = refugees
unit-displaced = displaced people
unit-families = families
unit-residents = residents
unit-detainees = detainees
unit-hostages = hostages
unit-journalists = journalists
unit-protesters = protesters
unit-bodies = bodies
unit-vehicles = vehicles
unit-aircraft = aircraft
unit-buildings = buildings
unit-facilities = facilities
unit-weapons = weapons
unit-strikes = strikes
unit-area = area
unit-money = money
unit-mass = weight
unit-duration = length of time
unit-percent = share
unit-other = other
event-killed = killed
event-injured = injured
event-shot = shot
event-missing = missing
event-displaced = displaced
event-evacuated = evacuated
event-rescued = rescued
event-arrested = arrested
event-freed = freed
event-surrendered = surrendered
event-besieged = besieged
event-fled = fled
event-returned = returned
event-destroyed = destroyed
event-fired = fired
event-present = present
event-left = left
event-arrived = arrived
event-seen = seen
event-deployed = deployed
event-trapped = trapped
event-deprived = deprived
event-marched = marched
event-exchanged = exchanged
event-recorded = recorded
event-burnt = burnt
event-in_need = in need
event-out_of_service = out of service

## Posts
posts = Posts
posts-count = { $count ->
    [one] { $n } post
   *[other] { $n } posts
}
posts-none = No post is embedded in this report.
post-at = Post { $id }, in the text
poster = poster { $n }
account = account { $n }
account-some = an account
poster-unknown = poster unknown
posted = Posted
platform = Platform
on-platform = on { $platform }
state-full = full
state-link_only = link only
state-rendered = as rendered
state-remnant = remnant
state-full-why = the page holds the post with its fields
state-link_only-why = only a link is left; the content is not present
state-rendered-why = read from the page as it was drawn
state-remnant-why = only bare text is left of it
damage-glued = words run together; the cuts are marked, the text is as found
damage-doubtful_mention = a doubtful mention, left as written
damage-content_not_present = content not present
damage-placeholder = a placeholder stands in its place
damage-truncated = cut off
damage-escaped = escaped characters undone
damage-date_only = only the day is known
damage-zone_unknown = time zone unknown
damage-author_unknown = poster unknown
damage-lang_hint_wrong = stated language does not fit the words
damage-handle_differs = two different handles are given
damage-duplicate = stands on the page more than once
damage-undecodable = some bytes could not be decoded
hashtags = Tags
mentions = Mentions
links = Links
media = Media
media-count = { $count ->
    [one] { $n } address of a picture or video, not shown
   *[other] { $n } addresses of pictures or videos, not shown
}
withheld = kept in the record, not shown
post-address-kept = Address of the post: kept in the record, not shown

## Times, places
times = Times
times-caption = When: expressions of time and what they come to
col-meaning = Comes to
col-reckoned = Reckoned from
anchor-published = the date of publication
anchor-narrative = the time told of
anchor-none = nothing: left open
flag-weekday_mismatch = weekday and date disagree
flag-impossible_date = there is no such day
flag-year_inferred = year inferred
flag-merged = made of two expressions
left-open = left open
places = Places
places-caption = Where: names of places and what they come to
places-none = No place was found.
col-name = Name
col-place = Place
col-precision = Known as
precision-point = a spot
precision-city = a town or city: an area, not a point
precision-admin = a district or province
precision-country = a country
precision-region = a region
reading-literal = place
reading-government = stands for the government
reading-institution = stands for an institution
reading-part_of_name = part of a name
reading-event = stands for an event
reading-team = stands for a team
reading-demonym = people or adjective
reading-language = language
place-within = in { $place }
place-undecided = several places bear this name; none is taken
map = Map
map-caption = Towns of the text as areas, their size reckoned from how many people they have; rings, because a name is no pin
map-credit = Places: GeoNames, CC BY 4.0. Outline: Natural Earth, public domain; borders as they are in fact held.
map-left-out = Countries and regions stand in the table only.

## Notes, weak points, foot
weak = Read with care
weak-one-source = { $count ->
   *[other] All { $n } figures of people rest on one source:
}
weak-own = { $count ->
    [one] { $n } figure of people is attributed to nobody in this text.
   *[other] { $n } figures of people are attributed to nobody in this text.
}
weak-unnamed = Unnamed sources:
weak-nobody = Quoted, but nobody is named:
weak-unverified = Expected, hypothetical or hearsay, not reported as fact:
weak-language = This language is read only in part: expect statements and figures to be missed.
notes = Notes on the reading
notes-hint = Notes come from the reading engine, in English.
foot-title = Where this comes from
engine = Engine
packs-digest = Language packs
payload-digest = Payload SHA-256
origin = Origin
origin-wire = wire: bytes as they crossed our connection
origin-browser = browser: exchanges seen by a recording proxy
origin-imported = imported: a container handed over by someone
origin-remnant = remnant: a file without the way it came
input = Input
record-number = record { $n }
captured-at = Captured
clock-hint = by the archive's own clock, not proven
no-archive = Read without an archive: no time of capture is claimed.
log-position = Position in the log
media-type = Media type
receipt = Receipt: bytes and proofs
pseudonyms = Posters and accounts are shown as “poster” and “account” with a number; public bodies and outlets of the project list keep their names. The stored text is unchanged.
masked-list = { $count ->
    [one] { $n } passage is masked, at characters:
   *[other] { $n } passages are masked, at characters:
}
what-selon-says = Selon says who said what and where it stands. It does not say whether it is so.
ui-note = Words of the report stand in their own language; labels are in yours.

## Stories, search
stories = Stories
stories-lead = Reports of one event, copies folded, figures side by side.
stories-none = No stories yet: add reports with “selon add FILE…”.
story = Story
story-none = undated
story-head = { $reports }, { $texts }
reports-count = { $count ->
    [one] { $n } report
   *[other] { $n } reports
}
texts-count = { $count ->
    [one] { $n } independent text
   *[other] { $n } independent texts
}
languages-count = { $count ->
    [one] { $n } language
   *[other] { $n } languages
}
differing = Figures that differ
differing-lead = Claims about the same thing that do not agree. No figure is chosen.
differing-none = No figures in conflict.
all-reports = All reports
col-report = Report
col-published = Published
col-outlet = Outlet
col-language = Language
col-statements = Statements
col-figures = Figures
timeline = Timeline
timeline-caption = When the reports were published. A bar where only the day is known, a tick where the hour is.
timeline-undated = Without a date:
timeline-zone = Placed by the zone each report states; where none is, as written.
reports-folded = Reports, copies folded
family = Text { $n }
family-copies = { $count ->
    [one] { $n } more report with this text
   *[other] { $n } more reports with this text
}
first-known = earliest known
order-open = order not known
chains = Who has it from whom
chains-hint = Solid: the report says so. Dashed: it has the same words, or only the same number. At least and at most: what cannot be told is counted both ways.
chains-caption = { $what }: each report under the one it took the figure from
chains-tree = Chain
chains-way = How the report came by it
chains-circular = circular: rests on its own outlet's earlier report
chains-stub = { $outlet } (not here)
chains-earlier = an earlier report
sources-count = { $count ->
    [one] { $n } original source
   *[other] { $n } original sources
}
sources-range = { $least } to { $most } original sources
how-own_contact = told by { $source }
how-named_source = { $source }
how-cites = cites { $outlet }
how-uncited_copy = has the words of { $outlet }, uncredited
how-same_number = nobody named; { $outlet } had the number
how-no_attribution = nobody named
mutation-operator_dropped = “more than”, “about” or the like is lost
mutation-operator_added = “more than”, “about” or the like is added
mutation-operator_changed = “more than”, “about” or the like is another
mutation-times_10 = ten times the number
mutation-divided_by_10 = a tenth of the number
mutation-value_changed = another number
mutation-unit_swapped = something else is counted
mutation-source_lost = the source is no longer named
mutation-source_changed = another source is named
mutation-hedge_lost = a reservation is lost
mutation-window_lost = the stretch of time is lost
figures-time = Figures over time, by source
figures-time-caption = { $what }: what each source says, in order of time
figures-time-none = No figures of this story can be set side by side.
col-source = Source
col-as-of = As of
col-chart = Between
col-step = Step
scale-from-to = Scale from { $lower } to { $upper }
chart-legend = Dot: the number said. Line: what its bounds allow; an arrowhead where they are open.
coded = Coded numbers
coded-hint = What coders of conflict data would keep of these figures, by a rule that has a name. The rule does not say which figure is right, and none is hidden: each number stands beside the figures it rests on.
coded-rule = Rule
coded-from = Rests on
coded-others = Other figures
coded-value = number
coded-low = low
coded-best = best
coded-high = high
step-first = first
step-same = the same again
step-update = update
step-revision = revision
step-order_unknown = order not known
relation-compatible = compatible
relation-update = update
relation-revision = revision
relation-scope_difference = other scope
relation-conflict = conflict
pair-sentence = { $a } ({ $sourceA }) — { $b } ({ $sourceB })
suspect-factor_10 = one is ten times the other: perhaps a digit too many
suspect-factor_100 = one is a hundred times the other: perhaps a slip
suspect-other_unit = the same number with another unit
compare = Side by side
compare-both = What both say
compare-caption = Statements that tell the same figure, or share most of their words or names, stand in one row. Nothing says which of two is right.
compare-only = Only in
compare-none = No statement of the one has a counterpart in the other.
compare-nothing = Every statement has a counterpart.
shared-words = Shared words
shared-caption = Passages that stand in two reports, side by side
shared-none = No two reports of this story share passages.
link-duplicate = the same text
link-abridged = shortened
link-excerpt = excerpt
link-edited = edited
link-shared_quote = same quotation
link-revision = new version
link-translation = translation
order-from_first = the first came first
order-to_first = the second came first
order-unknown = order not known
share-in = { $percent } % of the first stands in the second, { $percentBack } % of the second in the first
more-passages = { $count ->
    [one] { $n } more passage
   *[other] { $n } more passages
}
search-label = Words, "phrase", AND OR NOT
search-button = Search
search-none = Nothing found for
search-hint = Fewer words or another language may help. What is not found here was not captured; it may still exist.
search-bad = This query cannot be read.
search-try = For example
results-count = { $count ->
    [one] { $n } result
   *[other] { $n } results
}
in-statement = in statement { $id }

## Receipt
receipt-title = Receipt
receipt-lead = What is kept, and how to check it without Selon.
verdict = Check of the stored record
verdict-failed = the stored bytes do not verify:
verdict-ok = the bytes in the archive have the logged digest and length; read and compared for this page
captured = Captured
target = Address
stated-source = Address as stated by the supplier
payload-length = Payload length
bytes-count = { $count ->
    [one] { $n } byte
   *[other] { $n } bytes
}
warc-record = WARC record
warc-place = { $file }, bytes { $from } to { $until }
capture-id = Capture id
manifest = Manifest
checkpoint = Signed checkpoint of the log
log-key = Public key of the log
inclusion = Proof that the record is in the log
reports-of = Reports read from it
not-read = Kept as evidence; it cannot be read.
download-record = Download the WARC record
check-title = Check it yourself
check-lead = With the archive's folder and common tools:
check-warc = Every WARC file, with another program
check-payload = The payload's SHA-256, from the record
check-selon = Everything at once
judgments = Notes by people
judgment-by = { $by }, { $when }
what-it-does-not-say = A receipt shows that these bytes have not changed since they were logged. It does not show that what they say is so, nor when the page was published.

## Errors
error-title = Not here
error-failed = It did not work
error-not-found = There is no such page in this archive.
error-token = This address has no valid key. Open the address that “selon serve” printed.
error-host = This desk answers only to the address that “selon serve” printed.
error-origin = A page of another site may not ask this desk.
error-several = Several things have an id that begins like this. Write more of it.
error-corrupt = What is stored does not agree with the log. “selon verify” says what, and where.
error-other = The terminal in which “selon serve” runs says why. “selon doctor” and “selon verify” may help.

## Calendar
date-day = { $weekday } { $day } { $month } { $year }
date-month = { $month } { $year }
date-minute = { $date }, { $time }
date-from-until = { $from } to { $until }
date-until = until { $until }
date-from = from { $from } on
weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
lang-ar = Arabic
lang-de = German
lang-en = English
lang-es = Spanish
lang-fa = Persian
lang-fr = French
lang-he = Hebrew
lang-it = Italian
lang-ku = Kurdish
lang-nl = Dutch
lang-pl = Polish
lang-pt = Portuguese
lang-ru = Russian
lang-tr = Turkish
lang-uk = Ukrainian
