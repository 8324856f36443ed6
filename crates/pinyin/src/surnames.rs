//! Names: common surnames with the reading each has as one, and characters that are common in students' given names.

/// Surnames of one character and the syllable each is read as; the commonest first.
#[rustfmt::skip]
pub const SURNAMES: &[(char, &str)] = &[
    ('王', "wang"), ('李', "li"), ('张', "zhang"), ('刘', "liu"), ('陈', "chen"), ('杨', "yang"), ('黄', "huang"),
    ('赵', "zhao"), ('吴', "wu"), ('周', "zhou"), ('徐', "xu"), ('孙', "sun"), ('马', "ma"), ('朱', "zhu"),
    ('胡', "hu"), ('郭', "guo"), ('何', "he"), ('林', "lin"), ('罗', "luo"), ('高', "gao"), ('郑', "zheng"),
    ('梁', "liang"), ('谢', "xie"), ('宋', "song"), ('唐', "tang"), ('许', "xu"), ('韩', "han"), ('邓', "deng"),
    ('冯', "feng"), ('曹', "cao"), ('彭', "peng"), ('曾', "zeng"), ('肖', "xiao"), ('田', "tian"), ('董', "dong"),
    ('潘', "pan"), ('袁', "yuan"), ('蔡', "cai"), ('蒋', "jiang"), ('余', "yu"), ('于', "yu"), ('杜', "du"),
    ('叶', "ye"), ('程', "cheng"), ('魏', "wei"), ('苏', "su"), ('吕', "lv"), ('丁', "ding"), ('任', "ren"),
    ('卢', "lu"), ('姚', "yao"), ('沈', "shen"), ('钟', "zhong"), ('姜', "jiang"), ('崔', "cui"), ('谭', "tan"),
    ('陆', "lu"), ('范', "fan"), ('汪', "wang"), ('廖', "liao"), ('石', "shi"), ('金', "jin"), ('韦', "wei"),
    ('贾', "jia"), ('夏', "xia"), ('付', "fu"), ('傅', "fu"), ('方', "fang"), ('邹', "zou"), ('熊', "xiong"),
    ('白', "bai"), ('孟', "meng"), ('秦', "qin"), ('邱', "qiu"), ('侯', "hou"), ('江', "jiang"), ('尹', "yin"),
    ('薛', "xue"), ('闫', "yan"), ('阎', "yan"), ('段', "duan"), ('雷', "lei"), ('龙', "long"), ('黎', "li"),
    ('史', "shi"), ('陶', "tao"), ('贺', "he"), ('毛', "mao"), ('郝', "hao"), ('顾', "gu"), ('龚', "gong"),
    ('邵', "shao"), ('万', "wan"), ('覃', "qin"), ('武', "wu"), ('钱', "qian"), ('戴', "dai"), ('严', "yan"),
    ('莫', "mo"), ('孔', "kong"), ('向', "xiang"), ('常', "chang"), ('汤', "tang"), ('康', "kang"), ('易', "yi"),
    ('乔', "qiao"), ('赖', "lai"), ('文', "wen"), ('施', "shi"), ('洪', "hong"), ('辛', "xin"), ('季', "ji"),
    ('倪', "ni"), ('牛', "niu"), ('樊', "fan"), ('葛', "ge"), ('章', "zhang"), ('安', "an"), ('齐', "qi"),
    ('梅', "mei"), ('俞', "yu"), ('庄', "zhuang"), ('鲁', "lu"), ('温', "wen"), ('祝', "zhu"), ('岳', "yue"),
    ('单', "shan"), ('仇', "qiu"), ('解', "xie"), ('查', "zha"), ('盖', "ge"), ('华', "hua"), ('朴', "piao"),
    ('区', "ou"), ('乐', "yue"), ('缪', "miao"), ('纪', "ji"), ('冼', "xian"), ('翟', "zhai"), ('宁', "ning"),
    ('卜', "bu"), ('尉', "yu"), ('召', "shao"), ('种', "chong"), ('员', "yun"), ('洗', "xian"), ('折', "she"),
    ('黑', "he"), ('盛', "sheng"), ('幺', "yao"), ('那', "na"), ('晏', "yan"), ('聂', "nie"),
];

/// Surnames of two characters, and their syllables.
pub(crate) const DOUBLE_SURNAMES: &[(&str, [&str; 2])] = &[
    ("欧阳", ["ou", "yang"]),
    ("上官", ["shang", "guan"]),
    ("司马", ["si", "ma"]),
    ("诸葛", ["zhu", "ge"]),
    ("司徒", ["si", "tu"]),
    ("皇甫", ["huang", "fu"]),
    ("尉迟", ["yu", "chi"]),
    ("慕容", ["mu", "rong"]),
    ("令狐", ["ling", "hu"]),
    ("夏侯", ["xia", "hou"]),
    ("东方", ["dong", "fang"]),
    ("公孙", ["gong", "sun"]),
    ("长孙", ["zhang", "sun"]),
    ("端木", ["duan", "mu"]),
    ("独孤", ["du", "gu"]),
    ("宇文", ["yu", "wen"]),
    ("澹台", ["tan", "tai"]),
    ("万俟", ["mo", "qi"]),
];

/// Characters common in the given names of today's students, which old texts have too seldom.
pub(crate) const GIVEN: &str = "伟强磊军勇杰涛超明刚平辉鹏华飞鑫波斌宇浩凯俊文博志子轩泽昊天辰睿晨阳家嘉豪一鸣瑞哲思远皓然翔龙旭东航帆健坤\
    芳娜敏静丽艳娟秀英慧美雅玉萍红玲芬燕春兰凤洁梅琳云雪爱霞月媛婷倩欣怡雨佳梦琪诗涵梓萱可馨若曦晓薇蕾颖璐瑶悦彤妍菲莉珊小依";
