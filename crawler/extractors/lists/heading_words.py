"""The words of headings over lists of articles, in the languages of the news and of blogs.

General knowledge, not taken from pages; how they are written is told in `vocabularies`.
"""

from crawler.extractors.lists.vocabularies import vocabulary

ADJACENT = vocabulary(
    """
    previous_(?:post|article|story|entry|page) next_(?:post|article|story|entry|page) post_navigation
    (?:vorheriger|nächster|voriger)_(?:beitrag|artikel) beitragsnavigation beitrags-navigation
    article_(?:précédent|suivant) (?:artículo|entrada|noticia)_(?:anterior|siguiente) navegación_de_entradas
    articolo_(?:precedente|successivo) (?:vorige|volgende)_(?:bericht|artikel)
    (?:föregående|nästa)_(?:inlägg|artikel) (?:forrige|neste|næste)_(?:innlegg|artikkel|artikel|indlæg)
    (?:poprzedni|następny)_(?:wpis|artykuł) (?:önceki|sonraki)_(?:yazı|haber)
    (?:предыдущая|следующая)_(?:статья|запись|новость) navigation_de_l’article navigation_de_l'article
    navegação_de_posts (?:post|artigo)_(?:anterior|seguinte)
    próxim[ao]_(?:artigo|post|notícia|matéria) vorig_bericht volgend_(?:bericht|artikel)
    (?:seuraava|edellinen)_(?:artikkeli|juttu|kirjoitus) (?:předchozí|další|následující)_(?:článek|příspěvek)
    (?:következő|előző)_(?:cikk|bejegyzés) articolul_(?:următor|precedent|anterior) bài_(?:trước|tiếp_theo|sau)
    (?:artikel|berita)_(?:sebelumnya|selanjutnya)
    """,
    """
    上一篇 下一篇 上一章 下一章 上一条 下一条 前一篇 后一篇 上篇 下篇 前の記事 次の記事 이전글 다음글 이전_기사
    다음_기사
    前の投稿 次の投稿 上一則 下一則 上一则 下一则
    """,
)
POPULAR = vocabulary(
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
    most_(?:engaged|talked_about) (?:people|others|readers)_are_reading top_stories_this_week
    stories_of_the_week viel_gelesen am_meisten_(?:gelesen|geklickt) le_top$ best_gelezen mest_læst hity_dnia
    najpoczytniejsze nejdiskutovanější népszerű\w* топ_(?:недели|дня|месяца|новини|новостей) лучшее_за_\w+
    читают_сейчас сейчас_читают в_тренде найчитаніш\w* най-(?:четени|популярни|коментирани) lasītākie populārākie
    loetumad enim_loetud els?_més_(?:llegits?|vists?) més_(?:llegid\w*|llegits?) (?:o_)?máis_lid\w+ irakurriena\w*
    mees_gelees paling_popular (?:artikel|berita|tulisan)_populer περισσότερο_διαβασμένα پربازدید\w* پربیننده\w*
    محبوب\w*
    """,
    """
    热门 熱門 排行 排名 最热 最熱 热点 熱點 热榜 热文 热评 热议 热帖 热新闻 热话题 热读 点击榜 点击量 点击最多
    阅读最多 浏览最多 评论最多 最受欢迎 热搜文章 阅读top 点击top 阅读榜 周榜 月榜 日榜 人气 人氣 ランキング 人気
    よく読まれ アクセス数 注目の記事 인기 많이_본 많이본 가장_많이 랭킹 베스트
    조회수
    大家正在看 最多人看 人都在看 話題の記事 話題のニュース 注目記事 댓글_많은 ट्रेंडिंग सबसे_ज्यादा लोकप्रिय सर्वाधिक সর্বাধিক
    জনপ্রি ยอดนิยม
    """,
)
LATEST = vocabulary(
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
    new_this_week just_published live_updates breaking$ neu$ en_continu nouveautés$ minuto_a_minuto ultim[’']ora
    novità$ actueel$ nyast$ just_nu$ uutisvirta aktualności z_ostatniej_chwili na_bieżąco
    poslední_(?:zprávy|články|příspěvky) friss$ cele_mai_noi articole_noi новые_(?:статьи|материалы|записи|публикации)
    нове$ свіжі_\w+ стрічка_новин en_yeni\w* yeni_(?:haberler|yazılar|içerikler) عاجل اخر_\w+ آخرین_\w+ تازه\w*
    جدیدترین\w* עדכונים_אחרונים bài_(?:viết_)?mới\w* последни_\w+ най-нови ροή_ειδήσεων jaunāk\w+ viimased_\w+ uuemad
    (?:darreres|últimes)_(?:notícies|entrades) azken_berriak jongste_nuus nuutste
    """,
    """
    最新 最近 近期 栏目更新 频道更新 本类更新 今日更新 更新文章 速递 新着 新着記事 速報 速报 快讯 快訊 今日新闻 今日要闻
    即时 即時 滚动新闻 实时 刚刚
    新しい記事 최신 최근 새_글 속보 실시간
    滚动播报 小时滚动 新闻动态 ताजा ताज़ा लेटेस्ट नवीनतम সর্বশেষ ล่าสุด
    """,
)
RELATED = vocabulary(
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
    also_(?:of_interest|worth_\w+) other_\w+_(?:articles|stories|posts) selected_(?:articles|stories|posts)
    (?:hand-picked|handpicked)_\w+ keep_exploring next_up$ (?:dive|go)_deeper check_these_out
    (?:people|readers|visitors)_also_\w+ around_the_(?:site|web) part_of_a_series das_interessiert_\w+
    redaktionsempfehlung\w* tipps?_der_redaktion pour_aller_plus_loin le_choix_de_la_rédaction contenus_associés
    (?:ça|cela)_(?:peut|pourrait|devrait)_vous_\w+ en_savoir_plus$ quizás?_te_\w+ puede_que_te_\w+ podría_interesar\w*
    recomendaciones otr[ao]s_(?:noticias|artículos|notas|entradas) talvez_(?:você|lhe|te)_\w+ não_perca
    pode_interessar outr[ao]s_(?:notícias|artigos|matérias|posts) destaques$ scelti_per_te andere_artikelen
    verder_lezen aanraders mis_niets missa_inte andre_læser lisää_aiheesta warto_przeczytać więcej_na_ten_temat
    inne_artykuły może_cię_\w+ redakcja_poleca podobné_články doporučujem\w+ další_články více_k_tématu nepřehlédněte
    ez_is_érdekelhet\w* olvasta_már további_cikkek hasonló_cikkek citește_și te-ar_putea_\w+ recomandări
    alte_(?:articole|știri) pe_aceeași_temă вас_(?:заинтересует|может_\w+|може_\w+) вам_(?:будет|буде)_\w+
    матеріали_(?:по|за)_темі інші_новини новини_за_темою більше_(?:по|за|на)_\w+ bunlara_da_\w+ editörün_seç\w+
    öne_çıkan\w* ذات_صلة اخترنا_لك موضوعات_\w+ أخبار_متعلقة قد_يعجبك مطالب_مرتبط اخبار_مرتبط بیشتر_بخوانید
    bài_viết_khác cùng_chuyên_mục đề_xuất_cho_\w+ rekomendasi (?:simak|lihat)_juga anda_mungkin_\w+
    (?:berita|artikel)_berkaitan slične_(?:vijesti|vesti) preporučujem\w+ možda_vas_\w+ vezane_(?:vijesti|vesti)
    още_(?:по_темата|новини) свързани_статии подобни_статии прочетете_още вижте_още lasi_vēl saistītie_raksti
    loe_(?:ka|veel|lisaks) seotud_artiklid notícies_relacionades et_pot_interessar llegeix_també basahin_din
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
    同类资讯 更多内容 更多资讯 还可以看 接着看 历史文章 同栏目 同频道 有关文章 关联阅读 深度阅读 焦点图
    焦点新闻 新闻焦点 今日焦点 更多新聞 人也在看 次に読みたい 同じカテゴリ 似た記事 주요기사 다른_글
    यह_भी_पढ ये_भी_पढ संबंधित और_पढ अन्य_खबर আরও_পড সম্পর্কিত ที่เกี่ยวข้อง อ่านต่อ อ่านเพิ่มเติม แนะนำ
    """,
)
