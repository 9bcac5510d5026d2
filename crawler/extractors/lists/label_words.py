"""The words of headings over labels, and over what is offered beside articles; written as in `vocabularies`."""

from crawler.extractors.lists.vocabularies import vocabulary

TAGS = vocabulary(
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
    emneord stikkord nøkkelord mer_om publicerat_i kategorier? merket_med efnisorð merki avainsanat aiheet
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
    キーワード カテゴリ 関連キーワード テーマ トピック 태그 키워드 해시태그 टैग แท็ก
    """,
    whole=True,
)
HOT_TAGS = vocabulary(
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
TOPIC = vocabulary(
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
OTHER = vocabulary(
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
OFFER = vocabulary(
    r"""
    newsletters? subscribe subscriptions? sign_up abonn\w+ shop\w* store deals? coupons? gutschein\w*
    angebote? vergleich\w* ofertas? courses? class(?:es)? kurse? cursos? seminar\w* webinars? whitepapers?
    white_papers? jobs? stellen\w*
    careers? partner\w* sponsor\w* advert\w* anzeigen? werbung publicidad publicité pubblicità reklam\w* promoted
    paid_content спецпроект\w* партнерск\w+ партнёрск\w+
    """,
    """
    广告 推广 商城 购物 招聘 课程 好书 培训 团购 優惠 优惠 広告 求人 通販 광고 채용 강의
    """,
)
