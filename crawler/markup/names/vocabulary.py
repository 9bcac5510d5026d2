"""Words that are part of a byline and of no name."""

import re

# Roles and offices. As the first of several parts they may be all a byline has ("Guardian staff reporter").
_ROLES = (
    "editor editors editor-in-chief writer reporter correspondent director manager officer ceo cto cfo coo cmo vp "
    "founder co-founder owner partner professor lecturer contributor contributing journalist analyst expert experts "
    "specialist consultant chief president chair lead senior associate producer columnist critic photographer "
    "videographer designer developer engineer strategist coach trainer dietitan dietitian nutritionist physician "
    "therapist attorney lawyer scientist researcher fellow university institute college department industry "
    "horticulturalist educator copywriter blogger representative assistant intern author team staff editorial "
    "newsroom redakteurin redakteur redaktion korrespondentin korrespondent reporterin journalistin journaliste "
    "chefredakteurin chefredakteur volontärin volontär rédacteur rédactrice rédaction redactor redactora redacción "
    "periodista corresponsal giornalista redazione redattore repórter jornalista redação redactie verslaggever "
    "redaktör journalister muhabir muhabiri редактор корреспондент журналист"
).split()
ROLE = frozenset(_ROLES) | {f"{role}s" for role in _ROLES}
# Words an office begins with: "Jane Roe Executive Digital Editor".
OFFICE = re.compile(
    r"(?i)executive|staff|managing|head|deputy|principal|special|freelance|certified|registered|licensed|guest|vice|former|master"
)
# Words of labels and buttons that stand beside names, in capitals like them.
NO_NAME = frozenset(
    "last update updated güncelleme fact checked full bio view profile get started social media travel tips guide "
    "guides resources strategy video videos library advertiser disclosure read reading more share follow subscribe "
    "newsletter home about contact blog news by written published reviewed edited posted comment comments table "
    "contents min mins minute minutes editorial policy sponsored listen watch print email save sign log login search "
    "menu image images photo photos getty credit courtesy learn how what why when where who this that these your our "
    "my all top new digital edition magazine january february march july september october november december with and "
    "for the from at to on in is are live breaking opinion category categories tag tags topic topics text size "
    "download shop policies terms privacy cookie cookies advertisement medically expert experts verified product "
    "products service services solution solutions company inc llc ltd gmbh agency agencies times tribune herald "
    "journal today daily weekly facebook twitter pinterest linkedin instagram whatsapp youtube tiktok bluesky reddit "
    "telegram checklist checklists rss alle mehr zum zur über uhr ressort nachrichten artikel foto fotos bild quelle "
    "lesen teilen".split()
)
TEAM = re.compile(
    r"(?i)\b(?:team|staff|editors|desk|newsroom|redaktion|redacción|rédaction|redazione|redactie|contributors?)$"
    r"|^(?:the )?(?:team|redaktion|redacción|rédaction) \w"
)
# Degrees and certificates stand after a comma: "Jane Roe, MS, RD", "John Doe, Ph.D.", "CFP®".
CREDENTIAL = re.compile(
    r"(?:[A-Z][A-Za-z]{0,2}\.){1,4}[A-Z]?\.?|[A-Z][A-Z\-]{1,7}®?|(?:Ph|Psy|Pharm|Ed|Th|Dr|Eng|Sc|Jur)\.?[A-Z]{1,2}\.?|"
    r"[BM](?:Sc|Ed|Phil|Eng|Pharm|BChir|Arch)\.?|Esq\.?|[A-Z]{2,}(?:-[A-Z]+)+|E-RYT.*|LL\.?[BMD]\.?|RDN?|D\.?V\.?M\.?"
)
# Lower-case parts of names.
PARTICLES = frozenset(
    "de da do dos das del della di du des d la le el al bin ibn van von der den ter ten zu zum zur af av y e i bint "
    "abu ben st. dr. der. mc mac 't".split()
)
# Values that programs fill in.
NOBODY = frozenset(
    "admin|administrator|webmaster|undefined|null|none|name|author|authors|guest|unknown|editor|root|user|n/a|test|"
    "default|wordpress|anonymous|system|super user|superuser|site admin|noc admin|staff|true|false|object|by|"
    "your name|"
    "匿名|佚名|未知|管理员|本站|原创|网络|互联网|作者|编辑|小编".split("|")
)
_CHINESE_ROLES = (
    "记者|記者|通讯员|通訊員|编辑|編輯|作者|评论员|摄影|攝影|实习生|责编|撰文|采写|编译|教授|博士|翻译|首席|特约|見習|见习|"
    "实习|本报|本報|本刊|本网|本台|特派员|全媒体|融媒体|主持人|主编|研究员|校对|作家|学者|文字|供稿|整理|撰稿|报道|报导"
)
# The short ones ask for a mark beside them: 文 and 图 begin names too.
CHINESE_ROLE = re.compile(f"(?:{_CHINESE_ROLES}|[文图摄])+")
CHINESE_ROLE_BEFORE = re.compile(
    rf"^(?:(?:{_CHINESE_ROLES})+(?=[\s/:：|｜]|[\u3400-\u9fff]{{2}})|[文图]{{1,2}}(?=[/:：|｜]))[\s/:：|｜]*"
)
CHINESE_ROLE_AFTER = re.compile(rf"(?:[/（(]?(?:{_CHINESE_ROLES})+[)）]?|[/（(][文图摄][)）]?)$")
# Behind a name in Latin letters: "Jane Roe 编辑".
CHINESE_ROLE_BESIDE = re.compile(rf"\s(?:{_CHINESE_ROLES})+$")
KOREAN_ROLE = re.compile(r"\s*(?:[가-힣]{0,4}기자|특파원|앵커|논설위원|칼럼니스트|인턴)(?:\s*외\s*\d+명)?(?:\s*=.*)?$")
