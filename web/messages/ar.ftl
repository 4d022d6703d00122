# كلمات صفحات القراءة، العربية. كل مفتاح موجود في الملفات الثلاثة.

tongue = العربية
skip = انتقل إلى النص
skip-main = انتقل إلى المحتوى
interface-language = لغة هذه الصفحة
home = القضايا
search = بحث
page-of = { $title } · Selon

## Report
report = التقرير
article = نص التقرير
reading = ماذا يقول التقرير، وعلى لسان من
no-title = لم يُعثر على عنوان
marker = وسم { $marker }
outlet = الجهة الناشرة
byline = التوقيع
published = تاريخ النشر
modified = تاريخ التعديل
language = اللغة
address = العنوان الإلكتروني
day-of-text = اليوم بحسب النص
not-stated = غير مذكور
not-found = لم يُعثر عليه
unknown = غير معروف
inferred = مستنتج
inferred-from-posts = مستنتج من المنشورات
year-inferred = السنة مستنتجة
page-type = نوع الصفحة
type-article = مقال
type-live = تغطية مباشرة
type-several = عدة مقالات في صفحة واحدة
type-listing = قائمة مقالات
type-none = لا مقال فيها
type-gallery = معرض صور
type-video = صفحة فيديو
part-of-page = الجزء { $n } من الصفحة
jump = في هذه الصفحة
to-text = النص
legend = علامات النص
mark-source = القائل
mark-cue = لفظ القول
mark-hedge = تحفظ
empty-text = لا نص للقراءة في هذا الملف.

## Statements
statements = الأقوال
statements-count = { $count ->
    [zero] لا أقوال
    [one] قول واحد
    [two] قولان
    [few] { $n } أقوال
    [many] { $n } قولًا
   *[other] { $n } قول
}
statements-none = لم يُعثر على قول منسوب ولا على اقتباس.
statement-at = القول { $id } في موضعه من النص
words-of = الكلمات في النص
mode-direct = اقتباس مباشر
mode-indirect = كلام غير مباشر
mode-mixed = مقتبس جزئيًا
kind-post = منشور
chain = طريق القول
this-report = هذا التقرير
nobody-named = لم يُسمَّ أحد
source-words = ورد هنا بلفظ
source-of = مصدر { $id }
inherited = الناقل مأخوذ من قول سابق
hedge-words = مُخفَّف بعبارة
hedge-reportative = صيغة النقل عن السماع
hedge-prospective = معلن لوقت لاحق
hedge-hypothetical = افتراضي
hedge-lexical = لفظ تحفظ
hedge-denial = نفي
addressee = موجَّه إلى
said-when = قيل
firm-asserted = يؤكده مصدره
firm-reported_unverified = منقول عن السماع، لا يُقدَّم كأمر واقع
firm-expected = متوقع، لم يُذكر أنه حدث
firm-hypothetical = افتراضي
firm-denied = منفي
firm-demand = مطالبة
firm-proposal = اقتراح
firm-opinion = رأي
kind-named = شخص أو جهة بالاسم
kind-office = منصب
kind-agency = وكالة أنباء
kind-outlet = وسيلة إعلام
kind-document = وثيقة
kind-unnamed = مصدر واحد غير مسمّى
kind-collective_unnamed = عدة مصادر غير مسمّاة
kind-author = صاحب المنشور
how-told = قال لـ
how-cited_by = نقلته
how-interviewed_by = حاورته
how-reported_by = أوردته
how-via = عبر
how-on_platform = على
how-in_communique = في بيان
unsure = يحتاج إلى تدقيق
unsure-confidence = القراءة غير أكيدة هنا
unsure-nobody = مقتبس، لكن النص لا يسمّي قائله
unsure-unnamed = القائل غير مسمّى
also-at = تكرر عند
characters = المحارف { $from }–{ $until }
rule = القاعدة
about-reading = كيف قُرئ هذا

## Figures
figures = الأرقام
figures-count = { $count ->
    [zero] لا أرقام
    [one] رقم واحد
    [two] رقمان
    [few] { $n } أرقام
    [many] { $n } رقمًا
   *[other] { $n } رقم
}
figures-none = لم يُعثر على أرقام.
figures-caption = أرقام الناس والأحداث: كم، وممَّ، وعلى لسان من
others-caption = أعداد أخرى في النص، مفصولة كي لا تُحسب حصيلةً للضحايا
others = أعداد أخرى
col-value = كم
col-what = ممَّ
col-says = على لسان من
col-against = لا يصح مع
col-window = المدة
col-words = الكلمات
col-rule = القاعدة
bound-equal = { $value }
bound-more = أكثر من { $value }
bound-at-least = { $value } على الأقل
bound-less = أقل من { $value }
bound-at-most = { $value } على الأكثر
bound-about = نحو { $value }
bound-nearly = ما يقارب { $value }
bound-vague-from = غير محدد، { $value } أو أكثر (لفظ مبهم)
bound-vague-between = غير محدد، بين { $lower } و{ $upper } (لفظ مبهم)
bound-vague = عدد غير محدد
bound-between = بين { $lower } و{ $upper }
bound-percent = { $value }٪
bound-ratio = نسبة { $value }
bound-none = عدد غير مفهوم
before-that = قبل ذلك: { $value }
part-of = جزء من { $id }
own-words = التقرير نفسه، غير منسوب إلى أحد
outlet-unknown = جهة ناشرة مجهولة
window-none = غير مذكورة
window-last = خلال { $length }
length-hours = { $count ->
    [zero] { $n } ساعة
    [one] ساعة واحدة
    [two] ساعتين
    [few] { $n } ساعات
    [many] { $n } ساعة
   *[other] { $n } ساعة
}
length-minutes = { $count ->
    [zero] { $n } دقيقة
    [one] دقيقة واحدة
    [two] دقيقتين
    [few] { $n } دقائق
    [many] { $n } دقيقة
   *[other] { $n } دقيقة
}
length-days = { $count ->
    [zero] { $n } يوم
    [one] يوم واحد
    [two] يومين
    [few] { $n } أيام
    [many] { $n } يومًا
   *[other] { $n } يوم
}
length-weeks = { $count ->
    [zero] { $n } أسبوع
    [one] أسبوع واحد
    [two] أسبوعين
    [few] { $n } أسابيع
    [many] { $n } أسبوعًا
   *[other] { $n } أسبوع
}
length-months = { $count ->
    [zero] { $n } شهر
    [one] شهر واحد
    [two] شهرين
    [few] { $n } أشهر
    [many] { $n } شهرًا
   *[other] { $n } شهر
}
length-years = { $count ->
    [zero] { $n } سنة
    [one] سنة واحدة
    [two] سنتين
    [few] { $n } سنوات
    [many] { $n } سنة
   *[other] { $n } سنة
}
unit-civilians = مدنيون
unit-persons = أشخاص
unit-children = أطفال
unit-women = نساء
unit-fighters = مقاتلون
unit-soldiers = جنود
unit-police = أفراد شرطة
unit-refugees = لاجئون
unit-displaced = نازحون
unit-families = عائلات
unit-residents = سكان
unit-detainees = محتجزون
unit-hostages = رهائن
unit-journalists = صحفيون
unit-protesters = متظاهرون
unit-bodies = جثث
unit-vehicles = مركبات
unit-aircraft = طائرات
unit-buildings = مبانٍ
unit-facilities = منشآت
unit-weapons = أسلحة
unit-strikes = ضربات
unit-area = مساحة
unit-money = مال
unit-mass = وزن
unit-duration = مدة
unit-percent = نسبة
unit-other = غير ذلك
event-killed = قتلى
event-injured = جرحى
event-shot = مصابون بإطلاق نار
event-missing = مفقودون
event-displaced = نزوح
event-evacuated = إجلاء
event-rescued = إنقاذ
event-arrested = اعتقال
event-freed = إفراج
event-surrendered = استسلام
event-besieged = حصار
event-fled = فرار
event-returned = عودة
event-destroyed = تدمير
event-fired = إطلاق
event-present = حضور
event-left = مغادرة
event-arrived = وصول
event-seen = مشاهدة
event-deployed = انتشار
event-trapped = عالقون
event-deprived = حرمان
event-marched = مسير
event-exchanged = تبادل
event-recorded = تسجيل
event-burnt = احتراق
event-in_need = محتاجون
event-out_of_service = خارج الخدمة

## Posts
posts = المنشورات
posts-count = { $count ->
    [zero] لا منشورات
    [one] منشور واحد
    [two] منشوران
    [few] { $n } منشورات
    [many] { $n } منشورًا
   *[other] { $n } منشور
}
posts-none = لا منشورات مضمَّنة في هذا التقرير.
post-at = المنشور { $id } في موضعه من النص
poster = ناشر { $n }
account = حساب { $n }
account-some = حساب ما
poster-unknown = الناشر غير معروف
posted = نُشر
platform = المنصة
on-platform = على { $platform }
state-full = كامل
state-link_only = رابط فقط
state-rendered = كما عُرض
state-remnant = بقية
state-full-why = في الصفحة المنشور وحقوله
state-link_only-why = لم يبقَ سوى رابط؛ المحتوى غير موجود
state-rendered-why = قُرئ من الصفحة كما عُرضت
state-remnant-why = لم يبقَ منه سوى نص مجرد
damage-glued = كلمات ملتصقة؛ مواضع الفصل معلَّمة والنص كما وُجد
damage-doubtful_mention = إشارة مشكوك فيها، تُركت كما كُتبت
damage-content_not_present = المحتوى غير موجود
damage-placeholder = في موضعه نص بديل
damage-truncated = مبتور
damage-escaped = فُكَّت محارف مرمَّزة
damage-date_only = لا يُعرف سوى اليوم
damage-zone_unknown = المنطقة الزمنية غير معروفة
damage-author_unknown = الناشر غير معروف
damage-lang_hint_wrong = اللغة المعلنة لا توافق الكلمات
damage-handle_differs = ورد اسما حساب مختلفان
damage-duplicate = ورد في الصفحة أكثر من مرة
damage-undecodable = تعذَّر فك بعض البايتات
hashtags = الوسوم
mentions = الإشارات
links = الروابط
media = الوسائط
media-count = { $count ->
    [zero] لا عناوين صور أو فيديو
    [one] عنوان صورة أو فيديو واحد، غير معروض
    [two] عنوانا صور أو فيديو، غير معروضين
    [few] { $n } عناوين صور أو فيديو، غير معروضة
    [many] { $n } عنوان صور أو فيديو، غير معروض
   *[other] { $n } عنوان صور أو فيديو، غير معروض
}
withheld = محفوظ في السجل، غير معروض
post-address-kept = عنوان المنشور: محفوظ في السجل، غير معروض

## Times, places
times = الأوقات
times-caption = متى: عبارات الوقت وما تدل عليه
col-meaning = تدل على
col-reckoned = محسوبة من
anchor-published = تاريخ النشر
anchor-narrative = زمن السرد
anchor-none = لا شيء: تُركت مفتوحة
flag-weekday_mismatch = يوم الأسبوع لا يوافق التاريخ
flag-impossible_date = لا وجود لهذا اليوم
flag-year_inferred = السنة مستنتجة
flag-merged = مركَّبة من عبارتين
left-open = تُركت مفتوحة
places = الأماكن
places-caption = أين: أسماء الأماكن وما تدل عليه
places-none = لم يُعثر على أماكن.
col-name = الاسم
col-place = المكان
col-precision = معروف بوصفه
precision-point = موضعًا
precision-city = بلدة أو مدينة: مساحة لا نقطة
precision-admin = محافظة أو قضاء
precision-country = بلدًا
precision-region = منطقة
reading-literal = مكان
reading-government = يدل على الحكومة
reading-institution = يدل على مؤسسة
reading-part_of_name = جزء من اسم
reading-event = يدل على حدث
reading-team = يدل على فريق
reading-demonym = نسبة أو أهل المكان
reading-language = لغة
place-within = في { $place }
place-undecided = أماكن عدة تحمل هذا الاسم؛ لم يُؤخذ بأي منها
map = الخريطة
map-caption = مدن النص مرسومة كمساحات يُقدَّر حجمها من عدد سكانها؛ دوائر، لأن الاسم ليس دبوسًا
map-credit = الأماكن: GeoNames، CC BY 4.0. الخلفية: Natural Earth، ملك عام؛ الحدود كما هي في الواقع.
map-left-out = البلدان والمناطق في الجدول فقط.

## Notes, weak points, foot
weak = اقرأ بحذر
weak-one-source = { $count ->
    [zero] أرقام الناس كلها من مصدر واحد:
    [one] رقم الناس الوحيد من مصدر واحد:
    [two] رقما الناس كلاهما من مصدر واحد:
    [few] أرقام الناس الـ{ $n } كلها من مصدر واحد:
    [many] أرقام الناس الـ{ $n } كلها من مصدر واحد:
   *[other] أرقام الناس الـ{ $n } كلها من مصدر واحد:
}
weak-own = { $count ->
    [zero] كل أرقام الناس منسوبة.
    [one] رقم واحد للناس غير منسوب إلى أحد في هذا النص.
    [two] رقمان للناس غير منسوبين إلى أحد في هذا النص.
    [few] { $n } أرقام للناس غير منسوبة إلى أحد في هذا النص.
    [many] { $n } رقمًا للناس غير منسوب إلى أحد في هذا النص.
   *[other] { $n } رقم للناس غير منسوب إلى أحد في هذا النص.
}
weak-unnamed = مصادر غير مسمّاة:
weak-nobody = مقتبس، ولم يُسمَّ قائله:
weak-unverified = متوقع أو افتراضي أو عن السماع، لا يُقدَّم كأمر واقع:
weak-language = هذه اللغة تُقرأ جزئيًا فقط: قد تفوت أقوال وأرقام.
notes = ملاحظات القراءة
notes-hint = الملاحظات من محرك القراءة، بالإنجليزية.
foot-title = من أين جاء هذا
engine = المحرك
packs-digest = حزم اللغات
payload-digest = SHA-256 للمحتوى
origin = المنشأ
origin-wire = من الشبكة: البايتات كما مرت عبر اتصالنا
origin-browser = من متصفح: تبادلات رآها وسيط مسجِّل
origin-imported = مستورد: ملف أرشيف سلَّمه أحدهم
origin-remnant = بقية: ملف بلا الطريق الذي جاء منه
input = الملف
record-number = السجل { $n }
captured-at = حُفظ
clock-hint = بساعة الأرشيف نفسه، غير مثبتة
no-archive = قُرئ بلا أرشيف: لا يُدَّعى وقت للحفظ.
log-position = الموضع في السجل العام
media-type = نوع الوسائط
receipt = الإيصال: البايتات والأدلة
pseudonyms = يظهر الناشرون والحسابات بأرقام؛ وتبقى أسماء الجهات العامة ووسائل الإعلام المدرجة في قائمة المشروع. النص المحفوظ لم يتغير.
masked-list = { $count ->
    [zero] لا مواضع محجوبة.
    [one] موضع واحد محجوب، عند المحارف:
    [two] موضعان محجوبان، عند المحارف:
    [few] { $n } مواضع محجوبة، عند المحارف:
    [many] { $n } موضعًا محجوبًا، عند المحارف:
   *[other] { $n } موضع محجوب، عند المحارف:
}
what-selon-says = يقول Selon من قال ماذا وأين ورد. ولا يقول إن كان الأمر كذلك.
ui-note = كلمات التقرير بلغتها؛ والتسميات بلغتك.

## Stories, search
stories = القضايا
stories-lead = تقارير حدث واحد، النسخ مطوية، والأرقام جنبًا إلى جنب.
stories-none = لا قضايا بعد: أضف تقارير بالأمر selon add.
story = القضية
story-none = بلا تاريخ
story-head = { $reports }، { $texts }
reports-count = { $count ->
    [zero] لا تقارير
    [one] تقرير واحد
    [two] تقريران
    [few] { $n } تقارير
    [many] { $n } تقريرًا
   *[other] { $n } تقرير
}
texts-count = { $count ->
    [zero] لا نصوص مستقلة
    [one] نص مستقل واحد
    [two] نصان مستقلان
    [few] { $n } نصوص مستقلة
    [many] { $n } نصًا مستقلًا
   *[other] { $n } نص مستقل
}
languages-count = { $count ->
    [zero] لا لغات
    [one] لغة واحدة
    [two] لغتان
    [few] { $n } لغات
    [many] { $n } لغة
   *[other] { $n } لغة
}
differing = أرقام مختلفة
differing-lead = أقوال في الأمر نفسه لا تتفق. لا يُختار أي رقم.
differing-none = لا أرقام متعارضة.
all-reports = كل التقارير
col-report = التقرير
col-published = تاريخ النشر
col-outlet = الجهة الناشرة
col-language = اللغة
col-statements = الأقوال
col-figures = الأرقام
timeline = التسلسل الزمني
timeline-caption = متى نُشرت التقارير. شريط حيث لا يُعرف سوى اليوم، وخط حيث تُعرف الساعة.
timeline-undated = بلا تاريخ:
timeline-zone = موضوعة بحسب المنطقة الزمنية التي يذكرها كل تقرير؛ وكما كُتبت إن لم تُذكر.
reports-folded = التقارير، والنسخ مطوية
family = النص { $n }
family-copies = { $count ->
    [zero] لا تقارير أخرى بهذا النص
    [one] تقرير آخر بهذا النص
    [two] تقريران آخران بهذا النص
    [few] { $n } تقارير أخرى بهذا النص
    [many] { $n } تقريرًا آخر بهذا النص
   *[other] { $n } تقرير آخر بهذا النص
}
first-known = الأقدم المعروف
order-open = الترتيب غير معروف
chains = من نقل عمّن
chains-hint = خط متصل: التقرير يقول ذلك. خط متقطع: فيه الكلمات نفسها أو العدد نفسه فقط. على الأقل وعلى الأكثر: ما لا يُعرف يُحسب في الحالتين.
chains-caption = { $what }: كل تقرير تحت التقرير الذي أخذ عنه الرقم
chains-tree = السلسلة
chains-way = كيف وصل الرقم إلى التقرير
chains-circular = دائري: يستند إلى تقرير سابق للوسيلة نفسها
chains-stub = { $outlet } (غير موجود هنا)
chains-earlier = تقرير سابق
sources-count = { $count ->
    [zero] لا مصدر أصليًا
    [one] مصدر أصلي واحد
    [two] مصدران أصليان
    [few] { $n } مصادر أصلية
   *[other] { $n } مصدرًا أصليًا
}
sources-range = من { $least } إلى { $most } من المصادر الأصلية
how-own_contact = قاله { $source }
how-named_source = { $source }
how-cites = نقلًا عن { $outlet }
how-uncited_copy = فيه كلمات { $outlet } دون ذكرها
how-same_number = لم يُذكر أحد؛ وكان العدد عند { $outlet }
how-no_attribution = لم يُذكر أحد
mutation-operator_dropped = سقطت عبارة «أكثر من» أو «نحو» وما شابهها
mutation-operator_added = أضيفت عبارة «أكثر من» أو «نحو» وما شابهها
mutation-operator_changed = تغيرت عبارة «أكثر من» أو «نحو» وما شابهها
mutation-times_10 = عشرة أضعاف العدد
mutation-divided_by_10 = عُشر العدد
mutation-value_changed = عدد آخر
mutation-unit_swapped = المعدود شيء آخر
mutation-source_lost = لم يعد المصدر مذكورًا
mutation-source_changed = ذُكر مصدر آخر
mutation-hedge_lost = سقط التحفظ
mutation-window_lost = سقطت المدة الزمنية
figures-time = الأرقام عبر الزمن بحسب المصدر
figures-time-caption = { $what }: ما يقوله كل مصدر، بترتيب الزمن
figures-time-none = لا أرقام في هذه القضية يمكن وضعها جنبًا إلى جنب.
col-source = المصدر
col-as-of = بتاريخ
col-chart = بين
col-step = الخطوة
scale-from-to = المقياس من { $lower } إلى { $upper }
chart-legend = النقطة: العدد المذكور. الخط: ما تسمح به حدوده؛ ورأس سهم حيث تكون مفتوحة.
coded = الأرقام المرمَّزة
coded-hint = ما يحتفظ به مرمِّزو بيانات النزاعات من هذه الأرقام، بقاعدة لها اسم. لا تحكم القاعدة بين الأرقام، ولا يُخفى أي رقم: كل رقم بجانب الأرقام التي يستند إليها.
coded-rule = القاعدة
coded-from = يستند إلى
coded-others = أرقام أخرى
coded-value = العدد
coded-low = الأدنى
coded-best = الأفضل
coded-high = الأعلى
step-first = الأول
step-same = العدد نفسه مجددًا
step-update = تحديث
step-revision = مراجعة
step-order_unknown = الترتيب غير معروف
relation-compatible = متوافقان
relation-update = تحديث
relation-revision = مراجعة
relation-scope_difference = نطاق مختلف
relation-conflict = تعارض
pair-sentence = { $a } ({ $sourceA }) — { $b } ({ $sourceB })
suspect-factor_10 = أحدهما عشرة أضعاف الآخر: لعله رقم زائد
suspect-factor_100 = أحدهما مئة ضعف الآخر: لعلها هفوة
suspect-other_unit = العدد نفسه بوحدة أخرى
compare = جنبًا إلى جنب
compare-both = ما يقوله التقريران
compare-caption = تُوضع في صف واحد الأقوال التي تذكر الرقم نفسه أو تشترك في معظم كلماتها أو أسمائها. ولا شيء هنا يرجّح أحدها على الآخر.
compare-only = فقط في
compare-none = لا قول في أحدهما له نظير في الآخر.
compare-nothing = لكل قول نظير.
shared-words = كلمات مشتركة
shared-caption = مقاطع وردت في تقريرين، جنبًا إلى جنب
shared-none = لا مقاطع مشتركة بين تقريرين من هذه القضية.
link-duplicate = النص نفسه
link-abridged = مختصر
link-excerpt = مقتطف
link-edited = محرَّر
link-shared_quote = الاقتباس نفسه
link-revision = نسخة جديدة
link-translation = ترجمة
order-from_first = الأول أسبق
order-to_first = الثاني أسبق
order-unknown = الترتيب غير معروف
share-in = { $percent }٪ من الأول موجود في الثاني، و{ $percentBack }٪ من الثاني موجود في الأول
more-passages = { $count ->
    [zero] لا مقاطع أخرى
    [one] مقطع آخر
    [two] مقطعان آخران
    [few] { $n } مقاطع أخرى
    [many] { $n } مقطعًا آخر
   *[other] { $n } مقطع آخر
}
search-label = كلمات، أو "عبارة"، أو AND OR NOT
search-button = ابحث
search-none = لا نتائج لـ
search-hint = قد تفيد كلمات أقل أو لغة أخرى. ما لا يوجد هنا لم يُحفظ؛ وقد يوجد في مكان آخر.
search-bad = تعذّرت قراءة هذا الاستعلام.
search-try = مثال
results-count = { $count ->
    [zero] لا نتائج
    [one] نتيجة واحدة
    [two] نتيجتان
    [few] { $n } نتائج
    [many] { $n } نتيجة
   *[other] { $n } نتيجة
}
in-statement = في القول { $id }

## Receipt
receipt-title = إيصال
receipt-lead = ما هو محفوظ، وكيف يُتحقق منه من دون Selon.
verdict = فحص السجل المحفوظ
verdict-failed = البايتات المحفوظة لا تطابق السجل:
verdict-ok = بايتات الأرشيف مطابقة للبصمة والحجم المسجَّلين؛ قُرئت وقورنت لأجل هذه الصفحة
captured = حُفظ
target = العنوان الإلكتروني
stated-source = العنوان كما ذكره المزوِّد
payload-length = حجم المحتوى
bytes-count = { $count ->
    [zero] { $n } بايت
    [one] بايت واحد
    [two] بايتان
    [few] { $n } بايتات
    [many] { $n } بايتًا
   *[other] { $n } بايت
}
warc-record = سجل WARC
warc-place = { $file }، البايتات { $from } إلى { $until }
capture-id = معرِّف الحفظ
manifest = البيان
checkpoint = نقطة تحقق موقَّعة من السجل العام
log-key = المفتاح العلني للسجل العام
inclusion = برهان وجود السجل في السجل العام
reports-of = التقارير المقروءة منه
not-read = محفوظ كدليل؛ لا يمكن قراءته.
download-record = نزِّل سجل WARC
check-title = تحقق بنفسك
check-lead = بمجلد الأرشيف وأدوات شائعة:
check-warc = كل ملف WARC، ببرنامج آخر
check-payload = SHA-256 للمحتوى، من السجل
check-selon = كل شيء دفعة واحدة
judgments = ملاحظات أشخاص
judgment-by = { $by }، { $when }
what-it-does-not-say = يبيِّن الإيصال أن هذه البايتات لم تتغير منذ تسجيلها. ولا يبيِّن أن ما فيها واقع، ولا متى نُشرت الصفحة.

## Errors
error-title = غير موجود
error-failed = لم ينجح ذلك
error-not-found = لا توجد هذه الصفحة في هذا الأرشيف.
error-token = لا مفتاح صالح في هذا العنوان. افتح العنوان الذي طبعه الأمر selon serve.
error-host = لا يجيب هذا المكتب إلا على العنوان الذي طبعه الأمر selon serve.
error-origin = لا يجوز لصفحة من موقع آخر أن تسأل هذا المكتب.
error-several = تبدأ عدة معرّفات بهذا الشكل. اكتب مزيدًا منه.
error-corrupt = ما هو محفوظ لا يطابق السجل. يقول الأمر selon verify ما هو وأين.
error-other = تقول نافذة الأوامر التي يعمل فيها selon serve السبب. قد يفيد الأمران selon doctor وselon verify.

## Calendar
date-day = { $weekday } { $day } { $month } { $year }
date-month = { $month } { $year }
date-minute = { $date }، { $time }
date-from-until = { $from } إلى { $until }
date-until = حتى { $until }
date-from = ابتداءً من { $from }
weekday-1 = الاثنين
weekday-2 = الثلاثاء
weekday-3 = الأربعاء
weekday-4 = الخميس
weekday-5 = الجمعة
weekday-6 = السبت
weekday-7 = الأحد
month-1 = يناير
month-2 = فبراير
month-3 = مارس
month-4 = أبريل
month-5 = مايو
month-6 = يونيو
month-7 = يوليو
month-8 = أغسطس
month-9 = سبتمبر
month-10 = أكتوبر
month-11 = نوفمبر
month-12 = ديسمبر
lang-ar = العربية
lang-de = الألمانية
lang-en = الإنجليزية
lang-es = الإسبانية
lang-fa = الفارسية
lang-fr = الفرنسية
lang-he = العبرية
lang-it = الإيطالية
lang-ku = الكردية
lang-nl = الهولندية
lang-pl = البولندية
lang-pt = البرتغالية
lang-ru = الروسية
lang-tr = التركية
lang-uk = الأوكرانية
