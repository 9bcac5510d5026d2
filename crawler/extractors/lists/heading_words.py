"""The words of headings over lists of links, in the languages of the news and of blogs.

General knowledge, not taken from pages. Latin words match whole, those of scripts without spaces anywhere, or all
together the whole heading. `_` stands for one space, `*` after a letter for the rest of a word.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from crawler.extractors.lists.openings import Opening, openings


@dataclass(frozen=True, slots=True)
class Words:
    """One vocabulary."""

    latin: Mapping[Opening, str]
    """The alternatives of Latin script and its kin by their first word."""
    unspaced: re.Pattern[str]
    """Those of scripts without spaces."""
    signs: frozenset[str]
    """First letters of those."""


def _words(latin: str, cjk: str = "", *, whole: bool = False) -> Words:
    found: dict[Opening, list[str]] = {}
    for part in latin.split():
        alternative = re.sub(r"(?<!\\)(\w)\*", r"\1\\w*", part).replace("_", " ")
        for opening in openings(alternative):
            found.setdefault(opening, []).append(alternative)
    spaced = {opening: "|".join(alternatives) for opening, alternatives in found.items()}
    unspaced = "|".join(cjk.split()).replace("_", " ")
    signs = frozenset(word[0] for word in cjk.split())
    return Words(spaced, re.compile(f"(?:{unspaced})$" if whole else unspaced), signs)


@cache
def compiled(alternatives: str, whole: bool) -> re.Pattern[str]:
    """Latin words, from the beginning of one on; compiled when a line first needs them."""
    return re.compile(rf"(?:{alternatives})$" if whole else rf"\b(?:{alternatives})(?!\w)")


ADJACENT = _words(
    """
    previous_(?:post|article|story|entry|page) next_(?:post|article|story|entry|page) post_navigation
    (?:vorheriger|nächster|voriger)_(?:beitrag|artikel) beitragsnavigation beitrags-navigation
    article_(?:précédent|suivant) (?:artículo|entrada|noticia)_(?:anterior|siguiente) navegación_de_entradas
    articolo_(?:precedente|successivo) (?:vorige|volgende)_(?:bericht|artikel)
    (?:föregående|nästa)_(?:inlägg|artikel) (?:forrige|neste|næste)_(?:innlegg|artikkel|artikel|indlæg)
    (?:poprzedni|następny)_(?:wpis|artykuł) (?:önceki|sonraki)_(?:yazı|haber)
    (?:предыдущая|следующая)_(?:статья|запись|новость) navigation_de_l’article navigation_de_l'article
    navegação_de_posts (?:post|artigo)_(?:anterior|seguinte)
    """,
    """
    上一篇 下一篇 上一章 下一章 上一条 下一条 前一篇 后一篇 上篇 下篇 前の記事 次の記事 이전글 다음글 이전_기사
    다음_기사
    """,
)
POPULAR = _words(
    r"""
    most_(?:read|viewed|popular|shared|commented|watched|discussed|liked|clicked|recent_popular) popular*
    trending* hottest what’s_hot what's_hot top_(?:reads|10|ten|posts|articles|videos|read|viewed)
    best_of_the_week bestseller* hot_(?:news|posts|articles|stories) meistgelesen* meistgeles* meist_gelesen*
    am_häufigsten_gelesen meistgeklickt* meistkommentiert* meistgesehen* beliebt* populär* topartikel
    top-artikel les_plus_(?:lus|vus|populaires|partagés|commentés|consultés|lues)
    (?:articles|vidéos)_(?:les_plus_\w+|populaires) populaires* en_ce_moment tendances
    l[oa]s?_más_(?:leíd\w+|vist\w+|popular\w*|comentad\w+|compartid\w+|destacado)
    más_(?:leíd\w+|vist\w+|populares|comentad\w+) tendencias
    mais_(?:lidas?|lidos?|vistas?|vistos?|populares|acessadas?|comentadas?) em_alta populares
    i?_?più_(?:letti|lette|visti|viste|popolari|commentati|condivisi|cliccati) popolari di_tendenza
    meest_(?:gelezen|bekeken|populair\w*|gedeeld) populair* trending_nu
    mest_(?:läst\w*|sedda|populär\w*|delade|leste?|læste|sett|lest|sete|delte|populære|lesið|skoðað) populært
    populære luetuimmat suosituimmat katsotuimmat luetuin najczęściej_(?:czytane|oglądane|komentowane) popularne
    najpopularniejsze najchętniej_czytane skaitomiausi* populiariausi* nejčtenější nejsledovanější najčítanejšie
    najčítanije najčitanije najčitanejše legolvasottabb legnépszerűbb cele_mai_citite populare
    en_çok_(?:okunan\w*|izlenen\w*|yorumlanan\w*|paylaşılan\w*) çok_okunan\w* çok_izlenen\w* popüler*
    trend_haberler популярн\w* самое_(?:читаемое|популярное|обсуждаемое|важное) читаемое топ_новостей
    найпопулярніш\w* популярне xem_nhiều* đọc_nhiều* tin_nóng nổi_bật terpopuler terbanyak_dibaca
    paling_(?:banyak_dibaca|populer|dibaca) zilizosomwa_zaidi zilizosomwa_ziadi δημοφιλή πιο_δημοφιλή الأكثر_\w+
    زوارنا_يقرأون رائج شائع פופולרי* הנקראות_ביותר הכי_נקראות
    """,
    """
    热门 熱門 排行 排名 最热 最熱 热点 熱點 热榜 热文 热评 热议 热帖 热新闻 热话题 热读 点击榜 点击量 点击最多
    阅读最多 浏览最多 评论最多 最受欢迎 热搜文章 阅读top 点击top 阅读榜 周榜 月榜 日榜 人气 人氣 ランキング 人気
    よく読まれ アクセス数 注目の記事 인기 많이_본 많이본 가장_많이 랭킹 베스트
    조회수
    """,
)
LATEST = _words(
    r"""
    latest* newest newly_posted recent* just_in new_(?:posts|articles|on) what’s_new what's_new breaking_news
    news_feed newsfeed live_feed newsticker ticker fresh neueste* neuste* aktuell\w* newsticker schlagzeilen
    eilmeldung\w* zuletzt_\w+ letzte_\w+ derni(?:er|ère)s_\w+ récents? récentes? articles_récents
    à_la_une_maintenant en_direct fil_info le_fil últim[ao]s?(?:_\w+)? ultim[ao]s?_\w+ recientes reciente
    lo_último recentes mais_recentes ultime* ultimi* recenti laatste_\w+ laatste recente* nieuwste* net_binnen
    senaste* nyaste* siste_(?:nytt|saker|nyheter|\w+) seneste* nyeste* nýjast\w* nýtt_á uusimmat tuoreimmat
    viimeisimmät najnowsze ostatnie_\w+ ostatnio naujaus\w* naujien\w*_sraut\w* nejnovější aktuálně najnovije
    najnovejše legfrissebb friss_\w+ ultimele_\w+ recente son_(?:dakika|haberler|yazılar|gelişmeler|eklenen\w*)
    güncel_haberler en_son последние_\w+ свежее свежие_\w+ новое новости лента_новостей все_публикации
    останні_\w+ все_новости tin_mới* mới_nhất mới_cập_nhật terbaru terkini berita_terkini habari_mpya
    izindaba_zakamuva τελευταία_\w+ πρόσφατα أحدث\w* آخر_\w+ الأحدث חדשות_אחרונות האחרונות
    """,
    """
    最新 最近 近期 栏目更新 频道更新 本类更新 今日更新 更新文章 速递 新着 新着記事 速報 速报 快讯 快訊 今日新闻 今日要闻
    即时 即時 滚动新闻 实时 刚刚
    新しい記事 최신 최근 새_글 속보 실시간
    """,
)
RELATED = _words(
    r"""
    related* recommend\w* you_(?:may|might)(?:_also)?_(?:like|enjoy|be_interested_in)
    you’ll_(?:also_)?(?:like|love) also_(?:read|on|in|see|interesting) see_also
    read_(?:also|next|more|this_next|on)
    (?:more|further)_(?:from|in|on|by|about|stories|articles|posts|news|reading|like_this|to_read|to_explore|coverage|content|videos?|great_\w+|insights|information_on|resources_on|of_the_latest)
    more_\w+_(?:stories|articles|posts|news|from|videos) (?:editors?[’']?s?)_(?:picks?|choice) staff_picks
    top_(?:stories|news|picks) must[_-]?read\w* don[’']?t_miss what_to_(?:read|watch)_next up_next
    (?:our_)?readers_(?:also_)?read\w* similar\w* suggested\w* featured\w* from_the_(?:archives?|blog|magazine)
    (?:other|others)_(?:posts|articles|stories|news) keep_reading continue_reading explore_more
    in_case_you_missed_it you_missed worth_reading in_this_(?:series|section|issue)
    (?:stories|articles|posts)_(?:for_you|you\w*|by|from|like_this) picked_for_you for_you highlights in_depth
    discover_more sponsored_by_us ähnliche* verwandte* lesen_sie_(?:auch|mehr|hier|dazu|weiter)
    (?:auch|noch)_(?:interessant|lesenswert|spannend) das_könnte_\w+(?:_auch)?(?:_interessieren|_gefallen)?
    (?:mehr|weitere)_(?:zum|zu|aus|von|vom|über|auf|artikel|beiträge|nachrichten|meldungen|news|themen|videos?|lesen|themen_\w+)
    (?:empfohlen\w*|empfehlung\w*) zum_(?:artikel|thema) passend\w* aus_dem_ressort lesetipps?
    mehr_\w+_(?:nachrichten|artikel|news) nicht_verpassen auch_interessant* siehe_auch weiterlesen
    weiterführend\w* unsere_empfehlungen top-?(?:themen-artikel|meldungen|news|thema)
    (?:à|a)_(?:lire|voir|découvrir|ne_pas_manquer)(?:_aussi)? lire_aussi voir_aussi lire_(?:la_suite|plus)
    sur_le_même_(?:thème|sujet) dans_la_même_(?:rubrique|catégorie)
    articles?_(?:liés?|similaires?|connexes?|associés?|recommandés?) vous_(?:aimerez|pourriez|allez)_\w+
    (?:la_)?rédaction_vous_(?:conseille|recommande) recommandé\w* nos_(?:sélections|recommandations)
    plus_d[’']articles notre_sélection
    (?:noticias?|artículos?|contenidos?|entradas?|posts?|temas?|notas?|información)_(?:relacionad[ao]s?|similares|recomendad[ao]s)
    relacionad[ao]s? (?:lee|leer|ver|lea|leé|mira|vea)_(?:también|además|más)
    te_(?:puede|puede|podría|recomendamos|interesa)(?:_\w+)? (?:le|os)_puede_interesar recomendad[ao]s?
    para_saber_más más_(?:noticias|artículos|información|sobre|en|de|contenidos) no_te_pierdas destacad[ao]s?
    además_en sigue_leyendo también_te_\w+
    (?:notícias?|artigos?|matérias?|conteúdos?)_(?:relacionad[ao]s?|recomendad[ao]s?|sugerid[ao]s?)
    (?:leia|veja|saiba|ler|confira)_(?:também|mais|ainda) você_(?:pode|também|vai)_\w+
    mais_(?:sobre|notícias|artigos|em|de) recomendamos veja_mais
    (?:articoli|notizie|contenuti|post)_(?:correlat[ie]|simili|consigliat[ie]|collegat[ie]) correlat[ie]
    (?:leggi|guarda|vedi)_anche ti_(?:potrebbe|potrebbero|consigliamo)(?:_\w+)* potrebbe\w*_interessart\w*
    (?:altri|altre)_(?:articoli|notizie|news) consigliat[ie] da_non_perdere per_approfondire approfondiment[io]
    leggi_di_più rubriche (?:gerelateerd\w*|verwant\w*) lees_(?:ook|meer|verder) bekijk_ook
    (?:meer|ander)_(?:over|van|nieuws|artikelen|uit) aanbevolen* misschien_ook_\w+ dit_vind_je_\w+
    ook_interessant (?:relaterade?|relaterte?|relatert|relaterede|relateret|liknande|lignende)\w*
    läs_(?:också|även|mer|vidare) se_(?:också|også) les_(?:også|mer|videre) læs_(?:også|mere|videre)
    (?:mer|mere|flere|fler)_(?:om|från|fra|nyheter|nyheder|artikler|artiklar|saker|i|av) anbefal\w*
    rekommendera\w* lesa_(?:meira|einnig) fleira_\w+ tengd\w+_\w+ lue_(?:myös|lisää|seuraavaksi)
    aiheeseen_liitty\w+ suosittele\w+ katso_myös
    (?:czytaj|zobacz|sprawdź|przeczytaj|polecamy)_?(?:też|także|również|więcej|dalej)? powiązane* podobne*
    polecane* polecamy (?:susiję|panašūs|rekomenduojam\w*)_?\w* taip_pat_(?:skaitykite|žiūrėkite|skaityk)
    skaitykite_(?:taip_pat|daugiau)
    (?:čtěte|přečtěte|mohlo|souvisejíc\w+|čítajte|súvisiac\w+|pročitajte|povezan\w+|slično|preberite)_?\w*
    kapcsolódó\w* ajánl\w+ olvasd?_(?:el|tovább)\w* citește_(?:și|mai)_\w* citeşte_\w+ articole_similare
    recomandate* (?:vezi|citiți)_și (?:benzer|ilgili|önerilen|ilginizi|bunlar|diğer|sizin_için)_\w+
    (?:ayrıca|bunu|bunları)_\w+ (?:özel|günün)_\w+(?:_\w+)? \S+_haberleri haberleri
    (?:похожие|читайте|смотрите|рекоменду\w+|по_теме|ещё_по_теме|материалы_по_теме|вам_может|также|главное|другие|еще|интересное|выбор_редакции|схожі|також|читай|головне|связанные)(?:_\w+)*
    (?:tin|bài|video)_(?:liên_quan|cùng_chuyên_mục|khác|viết_liên_quan|cùng_chủ_đề) (?:xem|đọc|tìm_hiểu)_thêm
    có_thể_bạn_\w+ (?:berita|artikel)_(?:terkait|lainnya|pilihan) baca_(?:juga|selengkapnya) pilihan_\w+
    soma_(?:zaidi|pia) (?:habari|makala)_(?:zinazo\w+|zinazohusiana|nyingine)
    (?:σχετικά|διαβάστε|δείτε|προτεινόμεν\w+|περισσότερα)(?:_\w+)*
    (?:مقالات|أخبار|مواضيع|مواد)_(?:ذات|مشابهة|مقترحة|أخرى)
    (?:اقرأ|إقرأ|شاهد)_(?:أيضا|أيضاً|أيضًا|المزيد)
    قد_يهمك المزيد_من اخترنا_لكم (?:עוד|כתבות|קרא|אולי)_\w+
    (?:videos?|photos?|galler(?:y|ies)|photostories|foto\w*|vidéos|galerie\w*|fotos|fotogaler\w+|podcasts?_(?:episodes))
    (?:opinion|opinión|meinung|kommentar\w*|umræðan|opinions) (?:headlines|manşetleri?|nieuws|news)
    """,
    """
    相关 相關 推荐 推薦 猜你喜欢 猜你喜歡 的人也 的人还 还看了 還看了 也喜欢 也喜歡 其他文章 其它文章
    随便看看 随机文章 随机阅读 你可能 您可能 也许你 为你 為你 为您 大家都在看 大家还在看 延伸阅读
    延伸閱讀 扩展阅读 拓展阅读 阅读更多 更多精彩 更多文章 更多阅读 更多新闻 更多相关 精彩 精选 精選 编辑推荐
    小编 同类文章 同类新闻 类似文章 热图 图片新闻 图片故事 视频新闻 视觉 组图 看点 要闻 头条 同主题 本栏目
    继续阅读 接下来 此前报道 另见 参见 参考阅读 延伸 看了又看 必读 好文 往期 系列文章 同系列 関連 おすすめ
    オススメ お薦め あなたへ あわせて読みたい 合わせて読みたい こちらも 併せて こんな記事 この記事を読んだ
    編集部 特集 次に読む 注目 ピックアップ 読まれています もっと読む 続きを 관련 추천 함께_보면 함께_볼 함께_읽
    이런_기사 더보기 연관 당신이 놓치면 이_시각 주요_뉴스 주요뉴스 포토 에디터
    """,
)
TAGS = _words(
    r"""
    tags? tagged(?:_with|_as|_in)? related_tags article_tags post_tags topics? related_topics topics_in_this_\w+
    (?:article_)?keywords? key_words? labels? filed_(?:under|in|to) posted_(?:in|under) published_in_the_topics?
    categorized(?:_as|_in)? categories subjects?
    related_(?:people|countries|companies|places|organi[sz]ations|locations|persons|tags|keywords|terms|entities)
    in_this_(?:article|story) explore_(?:more_)?topics topics_covered
    themen(?:_des_artikels|_zum_artikel|_in_diesem_\w+)? schlagw(?:ö|o)rte?r?\w*(?:_zu_\w+_\w+)? schlagworte?\w*
    stichw(?:ö|o)rte?r? stichworte abgelegt_unter veröffentlicht_(?:in|unter) kategorien? getaggt
    verschlagwortet\w* einsortiert_unter in_diesem_artikel mehr_lesen_über mots[_-]cl(?:é|e)s?
    sujets?(?:_associés|_liés)? thèmes?(?:_associés)? étiquettes? catégories? (?:classé|publié)_(?:dans|sous)
    rubriques_associées tags_associés etiquetas? temas?(?:_relacionados|_de_la_noticia)? palabras_clave
    archivad[ao]_en publicad[ao]_en categorías? etiquetad[ao](?:_como|_con)? assuntos?(?:_relacionados)?
    palavras[_-]chave marcadores tópicos?(?:_relacionados)? tags_relacionadas arquivado_em argoment[io]
    parole_chiave etichett[ae] tag pubblicato_in categorie? tematiche trefwoorden? onderwerpen?
    (?:geplaatst|gepost)_in getagd labels categorie(?:ën)? dossiers? ämnen taggar nyckelord stikord emner
    emneord nøkkelord mer_om publicerat_i kategorier? merket_med efnisorð merki avainsanat aiheet
    aihe(?:tunnisteet)? asiasanat tagi słowa_kluczowe tematy kategorie raktiniai_žodžiai žymos temos gairės
    štítky témata klíčová_slova tagy kľúčové_slová oznake ključne_riječi címkék kulcsszavak cuvinte_cheie
    etichete sildid märksõnad birkas atslēgvārdi etiketler* etiket anahtar_kelimeler ilgili_konular konular
    teg[iı]\w* теги метки темы тэги ключевые_слова рубрики? тема сюжеты? темы_материала мітки теми ключові_слова
    етикети тагове từ_khóa thẻ chủ_đề topik kata_kunci topik_terkait label mada maneno_muhimu ετικέτες θέματα
    λέξεις_κλειδιά وسوم الوسوم كلمات_(?:دلالية|مفتاحية) الكلمات_(?:الدلالية|المفتاحية) مواضيع تاغ برچسب\w* תגיות
    נושאים
    """,
    """
    标签 標籤 标记 关键字 关键词 關鍵字 關鍵詞 关键詞 相关标签 话题标签 文章标签 本文标签 所属标签 tag标签
    文章关键词 文章关键字 本文关键词 本文关键字 相关关键词 相关关键字 所属分类 分类于 タグ
    キーワード カテゴリ 関連キーワード テーマ トピック 태그 키워드 해시태그
    """,
    whole=True,
)
HOT_TAGS = _words(
    r"""
    tag_cloud tagcloud popular_(?:tags|topics|searches|keywords) hot_(?:topics|tags|searches|picks)
    trending(?:_now|_topics|_tags|_searches)? top_(?:topics|tags|searches|trending) in_the_news in_focus
    browse_(?:by_)?(?:tags?|topics?) all_tags hot_on_the_web explore_topics schlagwortwolke schlagwörter-wolke
    top-?themen topthemen beliebte_(?:themen|tags|schlagwörter) aktuelle_themen im_fokus themen_des_tages
    (?:nuage_de|tags_populaires) nuage_de_(?:tags|mots)\w* en_ce_moment sujets_du_moment tendances à_la_une
    nube_de_(?:etiquetas|tags) es_noticia hoy_interesa (?:te_)?interesa_hoy se_habla_de
    temas_(?:del_día|populares|del_momento) últimas_etiquetas lo_más_buscado tendencias nuvem_de_tags em_alta
    assuntos_do_(?:momento|dia) nuvola_(?:di_)?tag in_evidenza temi_(?:caldi|del_giorno) di_tendenza
    oggi_si_parla_di populaire_(?:tags|onderwerpen) tagwolk trending_onderwerpen populära_(?:taggar|ämnen)
    populære_(?:emner|tags) aktuelt_nå suositut_aiheet ajankohtaista chmura_tagów popularne_tagi gorące_tematy
    na_czasie temos_dabar oblak_tagov oblak_značek gündem(?:dekiler)? popüler_(?:etiketler|konular|aramalar)
    trend_konular облако_(?:тегов|меток) популярные_(?:теги|темы) в_тренде главные_темы топ-темы xu_hướng
    chủ_đề_(?:nóng|hot) từ_khóa_hot topik_(?:populer|hangat) trending_topik
    """,
    """
    热门标签 熱門標籤 热门话题 标签列表 标签大全 标签云 標籤雲 热搜 熱搜 热门搜索 热门关键词
    热门关键字 热词 热点标签 热门专题 大家都在搜 人気キーワード 人気のキーワード 注目キーワード 注目ワード
    話題のキーワード 急上昇 人気タグ トレンド 인기_검색어 인기_태그 실시간_검색어 인기_키워드
    """,
)
TOPIC = _words(
    r"""
    more(?:_on_this|_about_this|_on|_about|_on_these_topics)? more_on_this_(?:story|topic) more_(?:topics|about)
    read_more_(?:about|on) (?:explore|learn|discover)_more(?:_on_these_topics|_about|_on)?
    related(?:_to_this_story)? mehr_zum_thema mehr_zu (?:lesen_sie_)?mehr_zum_thema mehr_zu_diesem_thema
    mehr_lesen_über mehr zum_thema weitere_themen en_savoir_plus_sur plus_sur sur_ce_(?:thème|sujet) más_sobre
    mais_sobre altro_su per_saperne_di_più meer_over mer_om mere_om mer_från lue_lisää_aiheesta
    więcej_o(?:_\w+)? на_тему по_теме ilgili_konular
    (?:more|mehr|meer|mer|mere|más|mais|plus_de|więcej|ещё|еще)_\w+(?:_(?:and|&|und|en|och|og|y|e|et|i|и)_\w+)?
    """,
    """
    相关话题 相关主题 相关专题 话题 关联 関連トピック 関連キーワード 関連タグ 관련_주제
    """,
    whole=True,
)
OTHER = _words(
    r"""
    newsletters? subscribe subscription\w* sign_up abonn\w+ suscr\w+ iscriviti abone_ol jobs? stellen\w*
    careers? events? veranstaltungen agenda webinars? whitepapers? white_papers? resources shop\w* store buy
    deals? coupons? gutschein\w* vergleich\w* angebote? courses? kurse? books? bücher partner\w* sponsor\w*
    advert\w* anzeigen? werbung publicidad reklam\w* promoted paid paid_content recent_comments comments?
    neueste_kommentare letzte_kommentare kommentare? commentaires comentarios commenti yorumlar отзывы
    комментарии archives? archiv\w* archivo calendar blogroll links friends follow_us folgen_sie share teilen
    partager compartir condividi paylaş поделиться contact\w* kontakt\w* about(?:_us)? über_uns services?
    service impressum legal company unternehmen sections? ressorts? menu navigation quick_links useful_links
    site_map sitemap account login games? spiele puzzles? crosswords? horoscop\w* horoskop\w* weather wetter
    polls? surveys? quiz_?login downloads? apps? our_apps radio tv_programm\w* programme epaper e-paper
    table_of_contents contents inhaltsverzeichnis on_this_page in_this_post references sources quellen footnotes
    bibliography sumario sommaire
    """,
    """
    友情链接 友情鏈接 网站地图 联系我们 关于我们 版权 广告 推广 最新评论 最近评论 最新回复 最近回复
    评论 跟贴 跟帖 留言 归档 档案 订阅 关注我们 分享 目录 导航 栏目 服务 招聘 下载 商城 购物 投票 论坛 最新コメント
    コメント アーカイブ カレンダー リンク 目次 運営会社 お問い合わせ 広告 PR 댓글 최근_댓글 보관함 광고 구독 문의
    회사소개
    """,
)
# Of what is offered beside articles: shops, courses, books, jobs.
OFFER = _words(
    r"""
    newsletters? subscri\w+ sign_up abonn\w+ shop\w* store deals? coupons? gutschein\w* angebote? vergleich\w*
    ofertas? courses? class(?:es)? kurse? cursos? seminar\w* webinars? whitepapers? white_papers? jobs? stellen\w*
    careers? partner\w* sponsor\w* advert\w* anzeigen? werbung publicidad publicité pubblicità reklam\w* promoted
    paid_content
    """,
    """
    广告 推广 商城 购物 招聘 课程 好书 培训 团购 優惠 优惠 広告 求人 通販 광고 채용 강의
    """,
)
