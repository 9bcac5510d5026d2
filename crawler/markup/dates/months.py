"""Month names of some thirty languages: full, abbreviated and inflected forms."""

import unicodedata

# January to December, folded. After dateparser's language data, less the abbreviations that mean two months
# ("srp" is August in Czech and July in Croatian).
_NAMES = (
    (
        "djan djanuari ene enero gen gener gennaio ian ianuarie jaan jaanuar jan janeiro janner januar "
        "januara januari january janv janvaris janvier led leden ledna lednu oca ocak saus sausio sausis sij "
        "sijecanj sijecnja sty styczen stycznia tammi tammik tammikuu tammikuussa tammikuuta ιαν ιανουαριοσ "
        "ιανουαριου стд сту студзень студзеня січ січень січня янв январь января яну януари јан јануар בינואר "
        "ינו ינואר לינואר جنوری يناير ژانویه जनवरी जन॰ ม.ค มกรา มกราคม มค เดือนมกราคม"
    ),
    (
        "feb febbraio feber febr febrer febrero februar februara februari februarie februaris february fev "
        "fevereiro fevr fevrier helmi helmik helmikuu helmikuussa helmikuuta lut lutego luty lutym peb "
        "pebruari sub subat uno unor unora unoru unr vas vasario vasaris veebr veebruar velj veljaca veljace "
        "veljaci veljacom φεβ φεβρουαριοσ φεβρουαριου лют лютага лютии лютого люты феб фебруар фев февр "
        "февраль февраля февруари בפברואר לפברואר פבר פברואר فبراير فبروری فوریه फ़रवरी फ़र॰ ก.พ กพ กุมภา "
        "กุมภาพันธ์ เดือนกุมภาพันธ์"
    ),
    (
        "bre brezen brezna kov kovas kovo maalis maalisk maaliskuu maaliskuussa maaliskuuta maart mac mar "
        "marc marca march marcius marco marcu marec maret mars mart martie marts marz marzec marzo mrt mrz "
        "ozu ozujak ozujka ozujkom μαρ μαρτιοσ μαρτιου бер берез березень березня мар март марта сак сакавік "
        "сакавіка במארס במרס במרץ למארס למרס למרץ מארס מרס מרץ مارس مارچ मार्च มี.ค มีค มีนา มีนาคม "
        "เดือนมีนาคม"
    ),
    (
        "abr abril apr april aprila aprile aprilie aprilis aprill avr avril bal balandis balandzio dub duben "
        "dubna dubnu huhti huhtik huhtikuu huhtikuussa huhtikuuta kwi kwie kwiecien kwietnia nis nisan tra "
        "travanj travnja απρ απριλιοσ απριλιου апр апрель апреля април кві квіт квітень квітня кра красавік "
        "красавіка крс אפר אפריל באפריל לאפריל ابريل اوریل اپریل अप्रैल เดือนเมษายน เม.ย เมย เมษา เมษายน"
    ),
    (
        "geg geguze geguzes kve kveten kvetna mag maggio mai maig maijs maio maj maja maju majus may mayo "
        "mayıs mei svi svibanj svibnja touko toukok toukokuu toukokuussa toukokuuta μαι μαιοσ μαιου маи мая "
        "мај тра трав травень травня трауня במאי למאי מאי مايو مه می मई พ.ค พค พฤษภา พฤษภาคม เดือนพฤษภาคม"
    ),
    (
        "birz birzelio birzelis cer cerven cervna cvn cze czerwca czerwiec djuni giu giugno haz haziran iun "
        "iunie juin jun juna june junho juni junij junijs junio junius juny juuni kesa kesak kesakuu "
        "kesakuussa kesakuuta lipanj lipnja ιουν ιουνιοσ ιουνιου июн июнь июня чер черв червень червня чэр "
        "чэрвень чэрвеня юни јун ביוני יונ יוני ליוני جون يونية يونيه يونيو ژوين जून มิ.ย มิถุนา มิถุนายน มิย "
        "เดือนมิถุนายน"
    ),
    (
        "cervence cervenci cervenec crc crv cvc djuli heina heinak heinakuu heinakuussa heinakuuta iul iulie "
        "juil juillet jul jula julai julho juli julij julijs julio juliol julius july juuli liep liepa liepos "
        "lip lipca lipcu lipiec lug luglio srpanj srpnja tem temmuz ιουλ ιουλιοσ ιουλιου июл июль июля лип "
        "липень липня ліп ліпень ліпеня юли јул ביולי יול יולי ליולי جولای يولية يوليه يوليو ژويیه जुलाई जुल॰ "
        "ก.ค กค กรกฎา กรกฎาคม เดือนกรกฏาคม"
    ),
    (
        "ago agost agosto agt agu agust agustos agustus aou aout aug august augusta augusti augusts augustus "
        "augusztus avg avgust elo elok elokuu elokuussa elokuuta kol kolovoz kolovoza kolovozom ogo ogos rugp "
        "rugpjucio rugpjutis sie sierpien sierpnia srpen srpna srpnu αυγ αυγουστοσ αυγουστου авг август "
        "августа жнв жні жнівень жнівеня жніуня сер серп серпень серпня אוג אוגוסט באוגוסט לאוגוסט اغسطس اوت "
        "اگست अगस्त अग॰ ส.ค สค สิงหา สิงหาคม เดือนสิงหาคม"
    ),
    (
        "eyl eylul rugs rugsejis rugsejo ruj rujan rujna rujnom rujnu sep sept september septembra septembre "
        "septembrie septembris septembro septiembre set setembre setembro setiembre settembre syys syysk "
        "syyskuu syyskuussa syyskuuta szept szeptember wrz wrzesien wrzesnia zar zari σεπ σεπτεμβριοσ "
        "σεπτεμβριου вер верасень верасня верес вересень вересня врс сен сент сентябрь сентября сеп септ "
        "септембар септември септм בספטמבר לספטמבר ספט ספטמבר سبتمبر سپتامبر سپتمبر सितंबर सितम्बर सित॰ ก.ย "
        "กย กันยา กันยายน เดือนกันยายน"
    ),
    (
        "eki ekim listopadom loka lokak lokakuu lokakuussa lokakuuta oct october octobre octombrie octubre "
        "okt oktober oktobra oktobris oktoober ott ottobre out outubro paz pazdziernik pazdziernika rij rijen "
        "rijna rijnu spal spalio spalis οκτ οκτωβριοσ οκτωβριου жов жовт жовтень жовтня кас кастрычнік "
        "кастрычніка кст окт октобар октомври октябрь октября אוק אוקטובר באוקטובר לאוקטובר اكتوبر اکتبر "
        "اکتوبر अक्टूबर अक्तूबर अक्तू॰ ต.ค ตค ตุลา ตุลาคม เดือนตุลาคม"
    ),
    (
        "kas kasım lapkr lapkricio lapkritis lis listopad listopada listopadzie marras marrask marraskuu "
        "marraskuussa marraskuuta noiem noiembrie nop nopember nov november novembra novembre novembris "
        "novembro noviembre stu studeni studenog studenoga studenom studenome νοε νοεμβριοσ νοεμβριου лис "
        "лист листоп листопад листопада ліс лістапад лістапада нов новембар ное ноември ноя нояб ноябрь "
        "ноября בנובמבר לנובמבר נוב נובמבר نوامبر نوفمبر نومبر नवंबर नवम्बर नव॰ พ.ย พย พฤศจิ พฤศจิกายน "
        "เดือนพฤศจิกายน"
    ),
    (
        "ara aralık dec december decembra decembre decembrie decembris des desember desembre dets detsember "
        "dez dezember dezembro dic dicembre diciembre dis disember gru grudnia grudzien gruod gruodis "
        "gruodzio joulu jouluk joulukuu joulukuussa joulukuuta pro prosinac prosinca prosince prosinci "
        "prosinec δεκ δεκεμβριοσ δεκεμβριου гру груд грудень грудня дек декабрь декабря декември дец децембар "
        "сне снежань снежня снж בדצמבר דצמ דצמבר לדצמבר دسامبر دسمبر ديسمبر दिसंबर दिसम्बर दिस॰ ธ.ค ธค ธันวา "
        "ธันวาคม เดือนธันวาคม"
    ),
)
_MONTHS = {name: month for month, names in enumerate(_NAMES, 1) for name in names.split()}
# Polish, Czech and Ukrainian say November, Croatian October.
_CROATIAN = {"listopad": 10, "listopada": 10}
_THAI = range(0x0E00, 0x0E80)


def _fold(word: str) -> str:
    # Marks of scripts from Devanagari on are vowels, not accents.
    parts = unicodedata.normalize("NFKD", word.casefold())
    return unicodedata.normalize("NFC", "".join(c for c in parts if not unicodedata.combining(c) or ord(c) > 0x900))


def month_number(word: str, languages: tuple[str, ...] = ()) -> int | None:
    """1 to 12 for a month's name, whatever its case and accents; None for any other word."""
    folded = _fold(word.rstrip("."))
    if folded in _CROATIAN and any(language.startswith("hr") for language in languages):
        return _CROATIAN[folded]
    return _MONTHS.get(folded)


def is_thai(word: str) -> bool:
    """Thai pages count years from 543 BC."""
    return bool(word) and ord(word[0]) in _THAI
