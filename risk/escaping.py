"""Text that came from data, made harmless: one function an output language."""

from __future__ import annotations

import html
import json
import re
from typing import Any, Final

# Everything that Markdown, Streamlit's colour and icon directives or LaTeX would act on.
_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>$:&])")
# Marks that turn the direction of the text around them.
_DIRECTION: Final = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")

# The map library reads its finished script once more as a Jinja template: in a text, these would run
# on the server. JSON itself never has them outside of a text.
_JINJA: Final = re.compile(r"\{(?=[{%#])")


def for_leaflet(text: object) -> str:
    """Return `text` safe inside HTML that Leaflet puts on a page, inside a JavaScript or a Jinja template.

    >>> for_leaflet("<b>`${x}`</b>")
    '&lt;b&gt;&#96;&#36;&#123;x&#125;&#96;&lt;/b&gt;'
    """
    text = html.escape(_DIRECTION.sub("", str(text)), quote=True)
    for character in "`${}":
        text = text.replace(character, f"&#{ord(character)};")
    return text


def for_markdown(text: object) -> str:
    """Return `text` so that Markdown shows it as it stands, on one line.

    >>> for_markdown("*a* [b](c)")
    '\\\\*a\\\\* \\\\[b\\\\]\\\\(c\\\\)'
    """
    one_line = " ".join(_DIRECTION.sub("", str(text)).split())
    return _MARKDOWN.sub(r"\\\1", one_line)


def for_script(value: Any) -> str:
    """Return `value` as JSON that can stand inside a script element.

    >>> for_script({"a": "</script>"})
    '{"a":"\\\\u003c/script\\\\u003e"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029`$":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return _JINJA.sub(r"\\u007b", text)
