"""What a page calls itself that stands in place of another: an error, a login, a request for consent, a robot check."""

import re
from enum import Enum

from crawler.extractors.kinds.overview import Overview

_LITTLE = 1500  # letters of body: an article about logins has more
_START = 90  # of the title


class Wall(Enum):
    """The value is the reason in words."""

    ERROR = "an error page"
    CHECK = "a check for robots, or a refusal"
    LOGIN = "a login"
    CONSENT = "a request for consent"
    SEARCH = "results of a search"


# One pattern a line, searched in the beginning of the title and of the headline.
_WORDS = {
    Wall.ERROR: r"""
        ^(?:error )?(?:404|410|500|502|503)(?: |$)
        \b(?:error|fehler|erreur|错误) ?(?:404|410|500|502|503)\b
        (?:page|article|story) (?:is |was |does )?not (?:be )?(?:found|available|exist)
        \bnot found$
        ^oops
        no longer (?:available|exists)
        internal server error|service unavailable|bad gateway
        ^(?:出错|提示信息|系统提示)|错误(?:信息|提示) ?(?:$|[\[【|_-])
        页面(?:不存在|未找到|找不到|出错|丢失|走丢|已删除|无法访问)
        (?:找不到|无法找到|没有找到)(?:页面|网页|该页|您)
        (?:文章|内容|网页|新闻)(?:不存在|已(?:被)?删除|已下线)
        您访问的页面|頁面不存在|找不到頁面
        seite (?:wurde )?nicht gefunden|page (?:introuvable|non trouvée)|página no encontrada|pagina non trovata
        pagina niet gevonden|página não encontrada|ページが見つかりません|페이지를 찾을 수 없습니다
    """,
    Wall.CHECK: r"""
        ^just a moment|^checking your browser|^attention required|^access denied|^403\b|^forbidden|^enable javascript
        verif(?:y|ying) (?:that )?you(?: are|['’]re) (?:a )?human
        are you (?:a )?(?:robot|human)|you(?:['’]re| are) not a (?:ro)?bot
        ^(?:security|human) (?:check|verification)
        access to this page has been denied|unusual traffic|captcha|too many requests
        安全验证|人机验证|访问验证|滑动验证|访问(?:被拒绝|过于频繁|受限)|请(?:输入|完成)验证
        ^zugriff verweigert|^accès refusé
    """,
    Wall.LOGIN: r"""
        ^(?:please )?(?:log ?in|sign ?in|sign ?up|register) (?:to|or|and|with|[-|–·])
        ^(?:log ?in|sign ?in|sign ?up)$
        log in to (?:continue|read)|subscribe to (?:continue|read)
        ^(?:my )?account (?:log ?in|sign ?in)
        (?:用户|会员|账号|帐号|密码)登[录陆]|^登[录陆]|请先?登[录陆]|^會員登入
        ^anmelden|^einloggen|^anmeldung|^se connecter|^connexion|^identifiez-vous|^iniciar sesión|^accedi\b|^inloggen
        ^ログイン|^로그인
    """,
    Wall.CONSENT: r"""
        before you continue
        (?:cookie|privacy) (?:consent|settings|preferences|choices)
        we (?:value|care about) your privacy
        ^consent\b|accept (?:all )?cookies|cookies? (?:akzeptieren|zustimmen)
        ^zustimmung|^einwilligung|datenschutzeinstellungen|mit werbung (?:und|weiter)
        gérer (?:vos|les) cookies|votre consentement
        consentimiento|tu privacidad|cookie-instellingen|privacyinstellingen
    """,
    Wall.SEARCH: r"""
        ^(?:search )?results (?:for|of)\b
        ^search(?: results)?(?: for\b|$| [-|–·:])
        you searched for
        搜索结果|^搜索|检索结果|検索結果|검색 ?결과
        ^suchergebnisse|^résultats (?:de|pour)|^resultados de|^risultati (?:della|per)|^zoekresultaten
    """,
}
_WALLS = {
    wall: re.compile("|".join(map(str.strip, lines.strip().splitlines())), re.IGNORECASE)
    for wall, lines in _WORDS.items()
}


def wall_of(page: Overview) -> Wall | None:
    """None for a page with a text of its own, whatever its title says."""
    if page.letters >= _LITTLE:
        return None
    names = [page.title[:_START], *(block.text[:_START] for block in page.headlines[:2])]
    for wall, words in _WALLS.items():
        if any(words.search(name) for name in names):
            return wall
    return Wall.LOGIN if _asks_for_password(page) else None


def _asks_for_password(page: Overview) -> bool:
    """Heads of many sites hide a login: here it counts only where there is nothing to read."""
    if page.letters >= _LITTLE / 5:
        return False
    tree = page.outline.document.tree
    return any(tree.attributes[number].get("type", "").lower() == "password" for number in tree.numbers_of("input"))
