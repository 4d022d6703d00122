# Mots des pages de lecture, français. Chaque clé figure dans les trois fichiers.

tongue = Français
skip = Aller au texte
skip-main = Aller au contenu
interface-language = Langue de cette page
home = Affaires
search = Rechercher
page-of = { $title } · Selon

## Report
report = Article
article = Texte de l’article
reading = Ce que dit l’article, et d’après qui
no-title = Titre non trouvé
marker = mention { $marker }
outlet = Média
byline = Signature
published = Publié
modified = Modifié
language = Langue
address = Adresse
day-of-text = Jour selon le texte
not-stated = non indiqué
not-found = non trouvé
unknown = inconnu
inferred = déduit
inferred-from-posts = déduit des messages
year-inferred = année déduite
page-type = Type de page
type-article = article
type-live = direct
type-several = plusieurs articles sur une page
type-listing = liste d’articles
type-none = pas d’article
type-gallery = diaporama
type-video = page vidéo
part-of-page = partie { $n } de la page
jump = Sur cette page
to-text = Texte
legend = Marques dans le texte
mark-source = qui parle
mark-cue = mot qui l’annonce
mark-hedge = atténuation
empty-text = Il n’y a pas de texte à lire dans ce document.

## Statements
statements = Propos
statements-count = { $count ->
    [one] { $n } propos
   *[other] { $n } propos
}
statements-none = Aucun propos attribué, aucune citation.
statement-at = Propos { $id }, dans son texte
words-of = Mots dans le texte
mode-direct = citation directe
mode-indirect = discours indirect
mode-mixed = en partie cité
kind-post = message
chain = Chemin des propos
this-report = cet article
nobody-named = personne de nommé
source-words = écrit ici
source-of = source de { $id }
inherited = relais repris d’un propos précédent
hedge-words = atténué par
hedge-reportative = conditionnel de l’ouï-dire
hedge-prospective = annoncé pour plus tard
hedge-hypothetical = hypothétique
hedge-lexical = mot d’atténuation
hedge-denial = démenti
addressee = dit à
said-when = dit
firm-asserted = affirmé par sa source
firm-reported_unverified = ouï-dire, non donné pour établi
firm-expected = attendu, pas encore donné pour fait
firm-hypothetical = hypothétique
firm-denied = démenti
firm-demand = demande
firm-proposal = proposition
firm-opinion = opinion
kind-named = personne ou organisme nommé
kind-office = fonction
kind-agency = agence de presse
kind-outlet = média
kind-document = document
kind-unnamed = une source non nommée
kind-collective_unnamed = plusieurs sources non nommées
kind-author = auteur du message
how-told = dit à
how-cited_by = cité par
how-interviewed_by = interrogé par
how-reported_by = rapporté par
how-via = via
how-on_platform = sur
how-in_communique = dans un communiqué
unsure = À vérifier
unsure-confidence = lecture incertaine
unsure-nobody = cité, mais le texte ne nomme pas qui parle
unsure-unnamed = qui parle n’est pas nommé
also-at = redit à
characters = caractères { $from }–{ $until }
rule = règle
about-reading = Comment cela a été lu

## Figures
figures = Chiffres
figures-count = { $count ->
    [one] { $n } chiffre
   *[other] { $n } chiffres
}
figures-none = Aucun chiffre trouvé.
figures-caption = Chiffres de personnes et d’événements : combien, de quoi, d’après qui
others-caption = Autres nombres du texte, mis à part pour que nul ne les prenne pour des bilans
others = Autres nombres
col-value = Combien
col-what = De quoi
col-says = D’après qui
col-against = Incompatible avec
col-window = Période
col-words = Mots
col-rule = Règle
bound-equal = { $value }
bound-more = plus de { $value }
bound-at-least = au moins { $value }
bound-less = moins de { $value }
bound-at-most = au plus { $value }
bound-about = environ { $value }
bound-nearly = près de { $value }
bound-vague-from = indéfini, { $value } ou plus (mot vague)
bound-vague-between = indéfini, entre { $lower } et { $upper } (mot vague)
bound-vague = un nombre indéfini
bound-between = entre { $lower } et { $upper }
bound-percent = { $value } %
bound-ratio = une part de { $value }
bound-none = nombre non compris
before-that = auparavant : { $value }
part-of = partie de { $id }
own-words = l’article lui-même, attribué à personne
outlet-unknown = média inconnu
window-none = non indiquée
window-last = sur { $length }
length-hours = { $count ->
    [one] { $n } heure
   *[other] { $n } heures
}
length-minutes = { $count ->
    [one] { $n } minute
   *[other] { $n } minutes
}
length-days = { $count ->
    [one] { $n } jour
   *[other] { $n } jours
}
length-weeks = { $count ->
    [one] { $n } semaine
   *[other] { $n } semaines
}
length-months = { $count ->
    [one] { $n } mois
   *[other] { $n } mois
}
length-years = { $count ->
    [one] { $n } an
   *[other] { $n } ans
}
unit-civilians = civils
unit-persons = personnes
unit-children = enfants
unit-women = femmes
unit-fighters = combattants
unit-soldiers = soldats
unit-police = policiers
unit-refugees = réfugiés
unit-displaced = personnes déplacées
unit-families = familles
unit-residents = habitants
unit-detainees = détenus
unit-hostages = otages
unit-journalists = journalistes
unit-protesters = manifestants
unit-bodies = corps
unit-vehicles = véhicules
unit-aircraft = aéronefs
unit-buildings = bâtiments
unit-facilities = installations
unit-weapons = armes
unit-strikes = frappes
unit-area = surface
unit-money = argent
unit-mass = poids
unit-duration = durée
unit-percent = part
unit-other = autre
event-killed = tués
event-injured = blessés
event-shot = touchés par balle
event-missing = disparus
event-displaced = déplacés
event-evacuated = évacués
event-rescued = sauvés
event-arrested = arrêtés
event-freed = libérés
event-surrendered = rendus
event-besieged = assiégés
event-fled = en fuite
event-returned = revenus
event-destroyed = détruits
event-fired = tirés
event-present = présents
event-left = partis
event-arrived = arrivés
event-seen = vus
event-deployed = déployés
event-trapped = bloqués
event-deprived = privés
event-marched = en marche
event-exchanged = échangés
event-recorded = recensés
event-burnt = brûlés
event-in_need = dans le besoin
event-out_of_service = hors service

## Posts
posts = Messages
posts-count = { $count ->
    [one] { $n } message
   *[other] { $n } messages
}
posts-none = Aucun message de réseau social dans cet article.
post-at = Message { $id }, dans le texte
poster = auteur { $n }
account = compte { $n }
account-some = un compte
poster-unknown = auteur inconnu
posted = Publié
platform = Plateforme
on-platform = sur { $platform }
state-full = complet
state-link_only = lien seul
state-rendered = tel qu’affiché
state-remnant = reste
state-full-why = la page contient le message et ses champs
state-link_only-why = il ne reste qu’un lien ; le contenu manque
state-rendered-why = lu de la page telle qu’affichée
state-remnant-why = il n’en reste que du texte nu
damage-glued = mots collés ; les coupes sont marquées, le texte est tel que trouvé
damage-doubtful_mention = mention douteuse, laissée telle quelle
damage-content_not_present = contenu absent
damage-placeholder = un texte de remplacement tient sa place
damage-truncated = tronqué
damage-escaped = caractères d’échappement défaits
damage-date_only = seul le jour est connu
damage-zone_unknown = fuseau horaire inconnu
damage-author_unknown = auteur inconnu
damage-lang_hint_wrong = la langue annoncée ne va pas avec les mots
damage-handle_differs = deux noms de compte différents sont donnés
damage-duplicate = figure plusieurs fois sur la page
damage-undecodable = certains octets n’ont pu être décodés
hashtags = Mots-dièse
mentions = Mentions
links = Liens
media = Médias joints
media-count = { $count ->
    [one] { $n } adresse d’image ou de vidéo, non affichée
   *[other] { $n } adresses d’images ou de vidéos, non affichées
}
withheld = gardé dans l’enregistrement, non affiché
post-address-kept = Adresse du message : gardée dans l’enregistrement, non affichée

## Times, places
times = Dates et heures
times-caption = Quand : expressions de temps et ce qu’elles désignent
col-meaning = Désigne
col-reckoned = Compté depuis
anchor-published = la date de publication
anchor-narrative = le temps du récit
anchor-none = rien : laissé ouvert
flag-weekday_mismatch = le jour de la semaine et la date ne vont pas ensemble
flag-impossible_date = ce jour n’existe pas
flag-year_inferred = année déduite
flag-merged = fait de deux expressions
left-open = laissé ouvert
places = Lieux
places-caption = Où : noms de lieux et ce qu’ils désignent
places-none = Aucun lieu trouvé.
col-name = Nom
col-place = Lieu
col-precision = Connu comme
precision-point = un endroit
precision-city = une ville : une étendue, pas un point
precision-admin = un district ou une province
precision-country = un pays
precision-region = une région
reading-literal = lieu
reading-government = désigne le gouvernement
reading-institution = désigne une institution
reading-part_of_name = partie d’un nom
reading-event = désigne un événement
reading-team = désigne une équipe
reading-demonym = habitants ou adjectif
reading-language = langue
place-within = dans { $place }
place-undecided = plusieurs lieux portent ce nom ; aucun n’est retenu
map = Carte
map-caption = Villes du texte, dessinées comme des étendues d’une taille estimée d’après leur population ; des cercles, car un nom n’est pas une épingle
map-credit = Lieux : GeoNames, CC BY 4.0. Fond : Natural Earth, domaine public ; frontières telles que tenues de fait.
map-left-out = Pays et régions ne figurent que dans le tableau.

## Notes, weak points, foot
weak = À lire avec prudence
weak-one-source = { $count ->
   *[other] Les { $n } chiffres de personnes reposent tous sur une seule source :
}
weak-own = { $count ->
    [one] { $n } chiffre de personnes n’est attribué à personne dans ce texte.
   *[other] { $n } chiffres de personnes ne sont attribués à personne dans ce texte.
}
weak-unnamed = Sources non nommées :
weak-nobody = Cité, mais personne n’est nommé :
weak-unverified = Attendu, hypothétique ou ouï-dire, non donné pour établi :
weak-language = Cette langue n’est lue qu’en partie : des propos et des chiffres peuvent manquer.
notes = Notes de lecture
notes-hint = Les notes viennent du moteur de lecture, en anglais.
foot-title = D’où cela vient
engine = Moteur
packs-digest = Règles de langue
payload-digest = SHA-256 du contenu
origin = Origine
origin-wire = réseau : octets tels que passés par notre connexion
origin-browser = navigateur : échanges vus par un intermédiaire enregistreur
origin-imported = importé : un fichier d’archive remis par quelqu’un
origin-remnant = reste : un fichier sans le chemin par lequel il est venu
input = Document
record-number = enregistrement { $n }
captured-at = Capturé
clock-hint = d’après l’horloge de l’archive, non prouvée
no-archive = Lu sans archive : aucune heure de capture n’est affirmée.
log-position = Place dans le journal
media-type = Type de média
receipt = Reçu : octets et preuves
pseudonyms = Les auteurs de messages et les comptes portent un numéro ; les organismes publics et les médias de la liste du projet gardent leur nom. Le texte conservé est inchangé.
masked-list = { $count ->
    [one] { $n } passage est masqué, aux caractères :
   *[other] { $n } passages sont masqués, aux caractères :
}
what-selon-says = Selon dit qui a dit quoi et où cela se trouve. Il ne dit pas si c’est exact.
ui-note = Les mots de l’article restent dans leur langue ; les étiquettes sont dans la vôtre.

## Stories, search
stories = Affaires
stories-lead = Les articles d’un même événement, copies repliées, chiffres côte à côte.
stories-none = Pas encore d’affaire : ajoutez des articles avec « selon add FICHIER… ».
story = Affaire
story-none = sans date
story-head = { $reports }, { $texts }
reports-count = { $count ->
    [one] { $n } article
   *[other] { $n } articles
}
texts-count = { $count ->
    [one] { $n } texte indépendant
   *[other] { $n } textes indépendants
}
languages-count = { $count ->
    [one] { $n } langue
   *[other] { $n } langues
}
differing = Chiffres qui diffèrent
differing-lead = Des affirmations sur la même chose qui ne s’accordent pas. Aucun chiffre n’est choisi.
differing-none = Aucun chiffre en conflit.
all-reports = Tous les articles
col-report = Article
col-published = Publié
col-outlet = Média
col-language = Langue
col-statements = Propos
col-figures = Chiffres
timeline = Chronologie
timeline-caption = Date de publication des articles. Une barre quand seul le jour est connu, un trait quand l’heure l’est.
timeline-undated = Sans date :
timeline-zone = Placés selon le fuseau qu’indique chaque article ; sans fuseau, tels qu’écrits.
reports-folded = Articles, copies repliées
family = Texte { $n }
family-copies = { $count ->
    [one] { $n } autre article avec ce texte
   *[other] { $n } autres articles avec ce texte
}
first-known = le plus ancien connu
order-open = ordre inconnu
chains = Qui le tient de qui
chains-hint = Trait plein : l’article le dit. Tirets : il a les mêmes mots, ou seulement le même nombre. Au moins et au plus : ce qu’on ne peut savoir est compté des deux façons.
chains-caption = { $what } : chaque article sous celui dont il tient le chiffre
chains-tree = Chaîne
chains-way = D’où l’article le tient
chains-circular = circulaire : repose sur un article antérieur du même média
chains-stub = { $outlet } (absent d’ici)
chains-earlier = un article antérieur
sources-count = { $count ->
    [one] { $n } source d’origine
   *[other] { $n } sources d’origine
}
sources-range = { $least } à { $most } sources d’origine
how-own_contact = dit par { $source }
how-named_source = { $source }
how-cites = cite { $outlet }
how-uncited_copy = a les mots de { $outlet }, sans le dire
how-same_number = personne n’est nommé ; { $outlet } avait le nombre
how-no_attribution = personne n’est nommé
mutation-operator_dropped = « plus de », « environ » ou semblable est perdu
mutation-operator_added = « plus de », « environ » ou semblable est ajouté
mutation-operator_changed = « plus de », « environ » ou semblable est autre
mutation-times_10 = dix fois le nombre
mutation-divided_by_10 = un dixième du nombre
mutation-value_changed = un autre nombre
mutation-unit_swapped = on compte autre chose
mutation-source_lost = la source n’est plus nommée
mutation-source_changed = une autre source est nommée
mutation-hedge_lost = une réserve est perdue
mutation-window_lost = la période est perdue
figures-time = Chiffres au fil du temps, par source
figures-time-caption = { $what } : ce que dit chaque source, dans l’ordre du temps
figures-time-none = Aucun chiffre de cette affaire ne peut être mis côte à côte.
col-source = Source
col-as-of = À la date de
col-chart = Entre
col-step = Étape
scale-from-to = Échelle de { $lower } à { $upper }
chart-legend = Point : le nombre donné. Trait : ce que permettent ses bornes ; une flèche là où elles sont ouvertes.
coded = Nombres codés
coded-hint = Ce que retiendraient de ces chiffres les codeurs de données sur les conflits, selon une règle qui a un nom. La règle ne dit pas quel chiffre est juste, et aucun n’est caché : chaque nombre figure à côté des chiffres sur lesquels il repose.
coded-rule = Règle
coded-from = Repose sur
coded-others = Autres chiffres
coded-value = nombre
coded-low = bas
coded-best = meilleur
coded-high = haut
step-first = premier
step-same = le même encore
step-update = mise à jour
step-revision = révision
step-order_unknown = ordre inconnu
relation-compatible = compatibles
relation-update = mise à jour
relation-revision = révision
relation-scope_difference = portée différente
relation-conflict = conflit
pair-sentence = { $a } ({ $sourceA }) — { $b } ({ $sourceB })
suspect-factor_10 = l’un vaut dix fois l’autre : peut-être un chiffre de trop
suspect-factor_100 = l’un vaut cent fois l’autre : peut-être une erreur
suspect-other_unit = le même nombre avec une autre unité
compare = Côte à côte
compare-both = Ce que disent les deux
compare-caption = Les déclarations qui donnent le même chiffre, ou qui partagent l’essentiel de leurs mots ou de leurs noms, sont sur une même ligne. Rien ne dit laquelle a raison.
compare-only = Seulement dans
compare-none = Aucune déclaration de l’un n’a de pendant dans l’autre.
compare-nothing = Chaque déclaration a son pendant.
shared-words = Mots communs
shared-caption = Passages présents dans deux articles, côte à côte
shared-none = Aucun passage commun entre deux articles de cette affaire.
link-duplicate = le même texte
link-abridged = abrégé
link-excerpt = extrait
link-edited = remanié
link-shared_quote = même citation
link-revision = nouvelle version
link-translation = traduction
order-from_first = le premier est antérieur
order-to_first = le second est antérieur
order-unknown = ordre inconnu
share-in = { $percent } % du premier se trouve dans le second, { $percentBack } % du second dans le premier
more-passages = { $count ->
    [one] { $n } autre passage
   *[other] { $n } autres passages
}
search-label = Mots, "expression", AND OR NOT
search-button = Rechercher
search-none = Rien trouvé pour
search-hint = Moins de mots ou une autre langue peuvent aider. Ce qui n’est pas ici n’a pas été capturé ; cela peut exister ailleurs.
search-bad = Cette requête ne se lit pas.
search-try = Par exemple
results-count = { $count ->
    [one] { $n } résultat
   *[other] { $n } résultats
}
in-statement = dans le propos { $id }

## Receipt
receipt-title = Reçu
receipt-lead = Ce qui est conservé, et comment le vérifier sans Selon.
verdict = Contrôle de l’enregistrement conservé
verdict-failed = les octets conservés ne concordent pas :
verdict-ok = les octets de l’archive ont l’empreinte et la taille inscrites ; lus et comparés pour cette page
captured = Capturé
target = Adresse
stated-source = Adresse indiquée par le fournisseur
payload-length = Taille du contenu
bytes-count = { $count ->
    [one] { $n } octet
   *[other] { $n } octets
}
warc-record = Enregistrement WARC
warc-place = { $file }, octets { $from } à { $until }
capture-id = Identifiant de capture
manifest = Manifeste
checkpoint = Point de contrôle signé du journal
log-key = Clé publique du journal
inclusion = Preuve que l’enregistrement est dans le journal
reports-of = Articles lus à partir de lui
not-read = Conservé comme preuve ; il ne peut être lu.
download-record = Télécharger l’enregistrement WARC
check-title = Vérifiez vous-même
check-lead = Avec le dossier de l’archive et des outils courants :
check-warc = Chaque fichier WARC, avec un autre programme
check-payload = Le SHA-256 du contenu, à partir de l’enregistrement
check-selon = Tout à la fois
judgments = Notes de personnes
judgment-by = { $by }, { $when }
what-it-does-not-say = Un reçu montre que ces octets n’ont pas changé depuis leur inscription au journal. Il ne montre ni que ce qu’ils disent est exact, ni quand la page a été publiée.

## Errors
error-title = Introuvable
error-failed = Cela n’a pas marché
error-not-found = Cette page n’existe pas dans cette archive.
error-token = Cette adresse n’a pas de clé valable. Ouvrez l’adresse affichée par « selon serve ».
error-host = Ce bureau ne répond qu’à l’adresse affichée par « selon serve ».
error-origin = La page d’un autre site ne peut rien demander à ce bureau.
error-several = Plusieurs identifiants commencent ainsi. Écrivez-en davantage.
error-corrupt = Ce qui est conservé ne concorde pas avec le journal. « selon verify » dit quoi, et où.
error-other = Le terminal où tourne « selon serve » dit pourquoi. « selon doctor » et « selon verify » peuvent aider.

## Calendar
date-day = { $weekday } { $day } { $month } { $year }
date-month = { $month } { $year }
date-minute = { $date }, { $time }
date-from-until = { $from } au { $until }
date-until = jusqu’au { $until }
date-from = dès { $from }
weekday-1 = lundi
weekday-2 = mardi
weekday-3 = mercredi
weekday-4 = jeudi
weekday-5 = vendredi
weekday-6 = samedi
weekday-7 = dimanche
month-1 = janvier
month-2 = février
month-3 = mars
month-4 = avril
month-5 = mai
month-6 = juin
month-7 = juillet
month-8 = août
month-9 = septembre
month-10 = octobre
month-11 = novembre
month-12 = décembre
lang-ar = arabe
lang-de = allemand
lang-en = anglais
lang-es = espagnol
lang-fa = persan
lang-fr = français
lang-he = hébreu
lang-it = italien
lang-ku = kurde
lang-nl = néerlandais
lang-pl = polonais
lang-pt = portugais
lang-ru = russe
lang-tr = turc
lang-uk = ukrainien
