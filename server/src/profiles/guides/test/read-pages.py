"""Reads HTML pages (a JSON list on stdin) by Python's own parser; prints what each is made of as JSON."""

import html.parser
import json
import sys

VOID = {"meta", "img", "br", "input"}


class Reader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.open, self.text, self.links, self.errors = [], [], [], [], []
        self.exact, self.code = [], None
        self.heading, self.fields, self.cell, self.row, self.table = "", [], None, [], None

    def handle_starttag(self, tag, attributes):
        self.tags.append([tag, *[name for name, _ in attributes]])
        self.links += [value for name, value in attributes if name in ("href", "src")]
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("h2", "th", "td", "pre"):
            self.cell = []
        if tag == "code":
            self.code = []
        if tag == "table":
            self.table = dict(attributes).get("class")
        if tag == "tr":
            self.row = []

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.errors.append(f"</{tag}>")
        if tag == "code":
            self.exact.append("".join(self.code))
            self.code = None
        if tag in ("h2", "th", "td", "pre"):
            words = "".join(self.cell)
            self.cell = None
            if tag == "h2":
                self.heading = words
            elif tag == "pre":
                self.fields.append([self.heading, "command", words])
            else:
                self.row.append(words)
        if tag == "tr" and self.table == "fields":
            self.fields.append([self.heading, *self.row])

    def handle_data(self, data):
        if self.open and self.open[-1] == "style":
            return
        self.text.append(data)
        if self.cell is not None:
            self.cell.append(data)
        if self.code is not None:
            self.code.append(data)

    def handle_comment(self, data):
        self.errors.append(f"comment {data}")

    def unknown_decl(self, data):
        self.errors.append(f"declaration {data}")

    def handle_pi(self, data):
        self.errors.append(f"instruction {data}")


def read(page):
    reader = Reader()
    reader.feed(page)
    reader.close()
    return {
        "tags": reader.tags,
        "text": "".join(reader.text),
        "links": reader.links,
        "fields": reader.fields,
        "exact": reader.exact,
        "errors": reader.errors + [f"open {tag}" for tag in reader.open],
    }


json.dump([read(page) for page in json.load(sys.stdin)], sys.stdout)
