"""Words that carry no figure of their own: what may stand between a name and its figure, or before a figure in its clause."""

from __future__ import annotations

import re

from ecobrief.extraction import scopes

GLUE = re.compile(
    "占[全整年月有效监测总应评价]{0,8}[天日]数|[一二三四五六七八九十两0-9]{1,3}个?年(?:来|间|多)?|总?断面总?个?数|[时序]序进度|年度|扣除|剔除|沙尘天?气?|影响|异常|同期|同月|同比|环比|相比|分别|依次|提高幅度|提高|提升|上升|增加|增长|下降|降低|减少|回落|改善|升高|净增|新增|递增|高出|扩大|上涨|攀升"
    "|达到|达成|实现|完成|保持|维持|稳定|持续|连续|继续|基本|首次|全部|累计|合计|总计|占比|比例|所占|年末|年底|期末|目前|如今|现在|最高|最低|平均"
    "|超过|突破|不低于|不少于|不得低于|不高于|高于|低于|大约|接近|将近|至少|力争|争取|确保|预计|预期|计划|目标|控制|写作|介于|幅度|多年|全年|年均|当年|其中"
    "|已经|仍然|依然|同样|也是|均为|都是|左右|以上|以下|以内|之间|数量|数值|数据|指标值|这个数字|这一数字|这一比例|该比例|这一指标|该指标|水平"
    "|相应|总体|全面|实际|规划|要求|任务|进一步|大幅|显著|明显|有望|任务量|完成率|面积|总数|天数|期间|以来|截至|截止|快速|稳步|由原来|原来"
    "|比|较|为|是|达|到|至|由|从|自|的|了|约|超|逾|近|升|降|增|减|多|少|高|低|共|计|有|已|仍|也|均|都|各|在|将|要|应|须|内|同|跟|和|与|及|或|而|则|且|并|又|再|仅|只|占|上|下|于"
    '|出|起|年|第|后|前|还|率|值|其|中|就|可|能|每|以|个|不足|[“”"‘’<>≥≤=+：:\\[\\]【】*~.·—-]|\\s'
)
_RANK = re.compile(
    r"(?:继续|连续)?(?:位居|稳居|位列|名列|排名?|排在|居|列)[^，。；第前]{0,8}(?:第|前)[一二三四五六七八九十\d]{1,3}(?:位|名|的城市为?)?|创[^，。；]{0,8}新高"
)


def unknown(words: str) -> str:
    """What words hold beside comparison, degree and the like."""
    return GLUE.sub("", words)


def strange(words: str) -> str:
    """What words hold beside places, ranks, comparison, degree and the like."""
    return unknown(scopes.PLACE.sub("", _RANK.sub("", words)))
