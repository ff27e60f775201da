"""XML that is written: elements as plain values, with prefixed names, and a document of them as bytes.

Names carry their prefixes as they are written, such as `mets:file`, and the root declares the prefixes. The same
elements give the same bytes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Mapping

XSI, XLINK = "http://www.w3.org/2001/XMLSchema-instance", "http://www.w3.org/1999/xlink"
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0 section 2.2


def element(name: str, attributes: Mapping[str, str] = {}, /, *inside: ET.Element | str) -> ET.Element:
    """Returns an element with its attributes, and inside it elements or one text.

    A character that no XML document may hold is written as U+FFFD.
    """
    made = ET.Element(name, {key: allowed(value) for key, value in attributes.items()})
    for one in inside:
        if isinstance(one, str):
            made.text = allowed(one)
        else:
            made.append(one)
    return made


def allowed(text: str) -> str:
    """Returns a text in which each character that no XML document may hold is U+FFFD."""
    return _NOT_IN_XML.sub("\ufffd", text)


def document(root: ET.Element) -> bytes:
    """Returns a document in UTF-8, one element on a line."""
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'.encode()
