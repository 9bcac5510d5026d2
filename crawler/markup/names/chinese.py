"""Chinese names: told from words, and parted where they stand without a space."""

import re

from crawler.markup.names.surnames import COMPOUND, SURNAMES

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\u3007"
_HAN_ONLY = re.compile(f"[{_HAN}]+")
# Uighur, Tibetan and foreign names keep their parts apart with a dot.
_DOTTED = re.compile(f"[{_HAN}A-Za-z.]{{1,12}}(?:[·•・‧][{_HAN}A-Za-z.]{{1,12}}){{1,4}}")
_ORGANISATION = re.compile(
    r"(?:报社?|報|社|网|網|台|臺|局|部|会|會|厅|廳|院|馆|館|处|處|府|办|办公室|公司|集团|集團|大学|大學|学院|學院|中心|编辑部|杂志|雜誌|周刊|週刊|"
    r"频道|頻道|在线|论坛|工作室|协会|学会|研究所|委员会|联盟|小组|团队|新闻|新聞|资讯|财经|科技|传媒|媒体|文化|之家|日报|晚报|时报|观察|"
    r"客户端|公众号|博客|平台|发布|组|版|号|小编|网友|用户|作者|记者|记者站|匿名|佚名|管理员|本站|原创)$"
)
# Words that begin like a name and are labels or sections.
_WORDS = frozenset(
    "文化 文学 文艺 文史 文娱 文章 高考 高校 高清 高级 金融 金属 江苏 江西 石油 马上 白酒 黄金 "
    "方案 任务 谢谢 常见 温州 苏州 徐州 郑州 武汉 汉语 康复 易购 孔子 于是 余额 万象 龙头 孟子 "
    "秦皇 毛病 顾客 钱包 严重 汤圆 乔迁 程序 沈阳 石家 田园 董事 罗马 关注 关于 关闭 关键 公告 "
    "公司 公开 公益 公共 公众 国内 国际 国家 国防 时政 时间 时尚 时报 安全 平安 明星 明天 水利 "
    "法治 法律 法院 党建 党政 农业 农村 商业 商务 商家 商品 方法 方面 成文 成为 和平 年度 年轻 "
    "房产 经济 习惯 海外 海报 海南 云南 云计 车市 包括 单位 单击 全部 全国 容易 边境 广告 台湾 "
    "支持 支付 封面 师范 生活".split()
)
# What a letter of a given name costs by the length of the whole name: three letters are the rule, two common.
_LENGTH_COST = {2: 0.5, 3: 0.0, 4: 2.0}
_LONGEST_RUN = 40


def is_chinese_name(text: str) -> bool:
    """Two to four Han letters that begin with a surname, or parts with a dot between; no office and no newspaper."""
    if _DOTTED.fullmatch(text):
        return True
    if not 2 <= len(text) <= 4 or not _HAN_ONLY.fullmatch(text) or _ORGANISATION.search(text):
        return False
    return (text[0] in SURNAMES and text[:2] not in _WORDS) or text[:2] in COMPOUND


def is_common_name(text: str) -> bool:
    """A Chinese name with a frequent surname: rare ones begin too many words (文化, 安全, 时政)."""
    return is_chinese_name(text) and len(text) <= 3 and SURNAMES.get(text[0], 9.0) < 1


def split_glued(text: str) -> tuple[str, ...]:
    """The names that a run of Han letters is made of, "强音陆嘉宁" gives 强音, 陆嘉宁; empty where it is not all names.

    Surnames and lengths are weighed: the cheapest way to read the whole run wins.
    """
    if not 4 <= len(text) <= _LONGEST_RUN or not _HAN_ONLY.fullmatch(text) or _ORGANISATION.search(text):
        return ()
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(text) + 1):
        choices = [
            (best[start][0] + cost, start)
            for start in range(max(0, end - 4), end - 1)
            if best[start][0] != float("inf") and (cost := _cost(text[start:end])) is not None
        ]
        best.append(min(choices, default=(float("inf"), 0)))
    if best[-1][0] == float("inf"):
        return ()
    names: list[str] = []
    end = len(text)
    while end:
        start = best[end][1]
        names.append(text[start:end])
        end = start
    return tuple(reversed(names))


def is_organisation(text: str) -> bool:
    """A newspaper, site, office or company by its last letters."""
    return bool(_ORGANISATION.search(text))


def _cost(name: str) -> float | None:
    """How unlikely a run of two to four letters is as one name; None for no name."""
    if name[:2] in COMPOUND:
        return SURNAMES[name[:2]] + {2: 3.0, 3: 0.5, 4: 0.0}[len(name)]
    if name[0] not in SURNAMES or name[:2] in _WORDS:
        return None
    return SURNAMES[name[0]] + _LENGTH_COST[len(name)]
