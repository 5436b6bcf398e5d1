"""The provinces of China by every way people write them. A table, no logic."""

from __future__ import annotations

_ROWS = """
北京市 beijing
天津市 tianjin
上海市 shanghai
重庆市 chongqing
河北省 hebei
山西省 shanxi
辽宁省 liaoning
吉林省 jilin
黑龙江省 heilongjiang
江苏省 jiangsu
浙江省 zhejiang
安徽省 anhui
福建省 fujian
江西省 jiangxi
山东省 shandong
河南省 henan
湖北省 hubei
湖南省 hunan
广东省 guangdong
海南省 hainan
四川省 sichuan
贵州省 guizhou
云南省 yunnan
陕西省 shaanxi
甘肃省 gansu
青海省 qinghai
台湾省 taiwan 台湾地区
内蒙古自治区 inner_mongolia 内蒙古省
广西壮族自治区 guangxi 广西省 广西自治区
西藏自治区 tibet xizang 西藏省
宁夏回族自治区 ningxia 宁夏省 宁夏自治区
新疆维吾尔自治区 xinjiang 新疆省 新疆自治区
香港特别行政区 hong_kong 香港省
澳门特别行政区 macao macau 澳门省
"""

MUNICIPALITIES = frozenset({"北京市", "天津市", "上海市", "重庆市"})
"""Provinces that are cities: the city is the province."""

_ENDINGS = ("特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市")


def _short(name: str) -> str:
    return next(name.removesuffix(ending) for ending in _ENDINGS if name.endswith(ending))


_SPELLINGS = tuple(tuple(word.replace("_", " ") for word in row.split()) for row in _ROWS.split("\n") if row)

PROVINCES: tuple[str, ...] = tuple(words[0] for words in _SPELLINGS)
"""The 34 units of the first level, by GB/T 2260."""

BY_NAME: dict[str, str] = {spelling: words[0] for words in _SPELLINGS for spelling in (*words, _short(words[0]))}
"""Every known way to write a province -> its full name."""
