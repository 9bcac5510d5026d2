"""What malformed documents are made of: fragments, attributes, encodings, and trees grown from nothing."""

import json
import random
import re

TAG = re.compile(rb"<[^<>]{1,400}>")
TAGS = (
    *(b"div span b a p svg font blockquote em li h1 td table select template section article".split()),
    b"ul><li",
    b"table><tr><td",
)
ENCODINGS = (
    "gb18030 big5 shift_jis euc-jp iso-2022-jp euc-kr utf-16 utf-16-le utf-32 cp1252 koi8-r utf-7 cp037 hz".split()
)
TYPES = (
    *("text/html", "text/html; charset=utf-8", "text/html; charset=gbk", "application/xhtml+xml"),
    *("", "text/html; charset=utf-16", "text/plain", "text/xml", 'text/html; charset="\x00"', "application/rss+xml"),
)
SPACES = (b" ", b"\n", "\u00a0".encode(), b"&nbsp;", b"\t \n", b"\r", "\u200b".encode(), "\u3000".encode())
_LD_JSON = b'<script type="application/ld+json">%s</script>'
_DEEP = b"[" * 5_000
FRAGMENTS = (
    *(b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\xaf", b"\x0b", b"\x1b[2J"),
    *(b"&#xD800;", b"&#0;", b"&#x110000;", b"&#99999999999999999999;", b"&a;", b"&", "\u202e\u2028".encode()),
    *(b"<!--", b"-->", b"--!>", b"<![CDATA[", b"]]>", b"<script>", b"</script>", b"<style>", b"<textarea>"),
    *(b"<title>", b"</title>", b"<plaintext>", b"<svg>", b"<math>", b"<template>", b"<table>", b"<tr>", b"<td>"),
    *(b"<select>", b"<form>", b"<frameset>", b"<noscript>", b"<p <p <p", b"<b><p></b></p>", b"<", b">", b"</", b'"'),
    *(b"<?xml version='1.0'?>", b"<?php echo 1 ?>", b"<!DOCTYPE html [<!ENTITY a 'b'>]>", b"<html lang='\0'>"),
    *(b"<base href='//['>", b"<base href='javascript:'>", b"<link rel=canonical href='http://['>", b"<a href='"),
    *(b"<link rel=canonical href='https://user:secret@example.com/'>", b"<meta charset='\x01'>", b"<time datetime="),
    *(b"<meta property='article:published_time' content='99999-99-99'>", b"<time datetime='0000-00-00'>x</time>"),
    *(b"<meta name=author content='%s'>" % (b"a, " * 900), b"<h1>%s</h1>" % (b"\xf0\x9f\x9a\xa2" * 3_000)),
    *(_LD_JSON % b'{"@type":', _LD_JSON % _DEEP, _LD_JSON % b'{"@type":"NewsArticle","datePublished":1e400}'),
    _LD_JSON % b'{"@type":"NewsArticle","headline":["\\ud800",{"a":null}],"author":{"name":"\\u0000"}}',
    _LD_JSON % (b'{"@graph":[' + b'{"@id":"#a","isPartOf":{"@id":"#a"}},' * 300 + b"{}]}"),
    *("<h3>相关文章</h3><ul><li><a href=/1>".encode(), "标签：".encode(), b"<a rel=tag href='/tag/%'>\xe2\x80\x8b</a>"),
)
ATTRIBUTES = (
    *(b' x="', b" " + b"y" * 60_000, b" href='http://[::1'", b" href='\0'", b" id=''" * 500, b" \xff=\xfe"),
    *(b" class='" + b"a " * 5_000 + b"'", b" style='" + b"a:b;" * 9_000 + b"'", b" xmlns:=''"),
    *(b" datetime='0000-13-45'", b" hidden", b" itemscope itemtype='x' itemprop='author'", b" href='//user:pw@h/'"),
)
_WORDS = (
    "harbour 港口 <b> &amp; 2026-11-23 11月23日 ，。 relatório мир \u200e \U0001f6a2 by Ann Lee 记者 1,000 http://a.b/c"
)
_NAMES = (
    "div p span a ul li h1 h2 h3 article section time img table tr td nav header aside main b em pre code br".split()
)


def grown_tree(chance: random.Random) -> tuple[str, bytes]:
    """Its name, and a document of random elements and attributes that owes nothing to a real page."""
    parts = ["<!doctype html><html><head><title>x</title>", _json_ld(chance), "</head><body>"]
    _grow(chance, parts, depth=0, most=chance.choice((10, 200, 3_000)))
    return "grown", "".join(parts).encode("utf-8", "surrogatepass")


def _json_ld(chance: random.Random) -> str:
    node = {key: _value(chance, 0) for key in ("headline", "author", "datePublished", "articleBody", "keywords")}
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle"} | node)}</script>'


def _value(chance: random.Random, depth: int) -> object:
    simple: tuple[object, ...] = (None, True, 10**30, 1e300, "", "\ud800", "2026-11-23", "x" * 2_000, "<b>", _WORDS)
    if depth > 3 or chance.random() < 0.6:
        return chance.choice(simple)
    parts = [_value(chance, depth + 1) for _ in range(chance.randrange(4))]
    return parts if chance.random() < 0.5 else {f"{number}@name"[-5:]: part for number, part in enumerate(parts)}


def _grow(chance: random.Random, parts: list[str], *, depth: int, most: int) -> None:
    words = _WORDS.split()
    while len(parts) < most and chance.random() > 0.02 * depth:
        name = chance.choice(_NAMES)
        href = (
            f' href="{chance.choice(("/a/1", "//[", "http://h:x/", "#", "?p=2", "mailto:a", ""))}"'
            if name == "a"
            else ""
        )
        kind = chance.choice(("", ' class="related tags author content"', ' itemprop="name"', ' rel="tag next"'))
        parts.append(f"<{name}{href}{kind}>")
        parts.append(" ".join(chance.choices(words, k=chance.choice((1, 5, 60)))))
        if depth < 60 and chance.random() < 0.6:
            _grow(chance, parts, depth=depth + 1, most=most)
        if chance.random() < 0.9:
            parts.append(f"</{name}>")
