"""A drawing that stands alone: icons within, colours for light and dark, words for whoever does not see it."""

import base64
from pathlib import Path
from xml.etree import ElementTree

from report.picture import draw, ends, labels
from report.picture.model import Line, Picture

SVG = "http://www.w3.org/2000/svg"
HREF = "{http://www.w3.org/1999/xlink}href"
STYLE = (Path(__file__).parent / "picture.css").read_text(encoding="utf-8")
LEGEND: dict[Line, str] = {
    "main": "link in use",
    "backup": "link that stands by",
    "planned": "link on order",
    "flow": "requests",
    "copy": "copies of data",
}
LEGEND_HEIGHT = 30
PLATE = 2
"""By how much the light plate behind an icon is larger than it: some icons are dark lines on nothing."""

Element = ElementTree.Element


def drawn(picture: Picture, title: str) -> str:
    """The picture as one SVG element, which needs nothing from elsewhere."""
    ElementTree.register_namespace("", SVG)
    root = ElementTree.fromstring(draw.layout(picture))
    graph = root.find(f"{{{SVG}}}g")
    assert graph is not None
    _frame(root, graph, picture)
    _icons(graph, root)
    ends.lead_on(graph)
    labels.settle(graph)
    for group in graph.iter(f"{{{SVG}}}g"):
        _plain(group)
    for number, (tag, text) in enumerate((("title", title), ("desc", picture.told()), ("style", STYLE))):
        element = ElementTree.Element(f"{{{SVG}}}{tag}", {} if tag == "style" else {"id": f"picture-{tag}"})
        element.text = text
        root.insert(number, element)
    return ElementTree.tostring(root, encoding="unicode")


def _frame(root: Element, graph: Element, picture: Picture) -> None:
    """The size, with room for the legend; for Graphviz's own background, one that changes with the text."""
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    used = [line for line in LEGEND if any(edge.line == line for edge in picture.edges)]
    root.attrib.clear()
    root.attrib.update(
        {
            "class": "picture",
            "role": "img",
            "aria-labelledby": "picture-title picture-desc",
            "viewBox": f"{left:g} {top:g} {width:g} {height + LEGEND_HEIGHT:g}",
            "width": f"{width:g}",
            "height": f"{height + LEGEND_HEIGHT:g}",
        }
    )
    background = graph.find(f"{{{SVG}}}polygon")
    if background is not None:
        graph.remove(background)
    # Shown alone, on whatever background: a page may be dark for a reader whose system is light, and the other way round.
    paper = {"class": "paper", "x": f"{left:g}", "y": f"{top:g}", "width": "100%", "height": "100%", "rx": "8"}
    root.insert(0, ElementTree.Element(f"{{{SVG}}}rect", paper))
    legend = ElementTree.SubElement(root, f"{{{SVG}}}g", {"class": "legend"})
    at, middle = left + 12.0, top + height + LEGEND_HEIGHT / 2
    for line in used:
        group = ElementTree.SubElement(legend, f"{{{SVG}}}g", {"class": f"edge {line}"})
        ElementTree.SubElement(group, f"{{{SVG}}}path", {"d": f"M{at:g},{middle:g}h30"})
        points = f"{at + 30:g},{middle - 3:g} {at + 37:g},{middle:g} {at + 30:g},{middle + 3:g}"
        ElementTree.SubElement(group, f"{{{SVG}}}polygon", {"points": points})
        text = ElementTree.SubElement(group, f"{{{SVG}}}text", {"x": f"{at + 43:g}", "y": f"{middle + 3.5:g}"})
        text.text = LEGEND[line]
        at += 43 + 6 * len(LEGEND[line]) + 24


def _icons(graph: Element, root: Element) -> None:
    """Each icon once, as data; each shape uses it, on a plate of its own."""
    kept = ElementTree.Element(f"{{{SVG}}}defs")
    known: dict[str, str] = {}
    for group in graph.iter(f"{{{SVG}}}g"):
        for position, image in enumerate(list(group)):
            if image.tag != f"{{{SVG}}}image":
                continue
            path = Path(image.attrib[HREF])
            size, x, y = (image.attrib[key].removesuffix("px") for key in ("width", "x", "y"))
            if path.stem not in known:
                known[path.stem] = f"icon-{path.stem}"
                data = base64.b64encode(path.read_bytes()).decode()
                attributes = {"id": known[path.stem], "width": size, "height": size, "href": f"data:image/png;base64,{data}"}
                ElementTree.SubElement(kept, f"{{{SVG}}}image", attributes)
            group[position].tag = f"{{{SVG}}}use"
            group[position].attrib.clear()
            group[position].attrib.update({"href": f"#{known[path.stem]}", "x": x, "y": y})
            group.insert(position, ElementTree.Element(f"{{{SVG}}}rect", _plate(float(x), float(y), float(size))))
            _centre(group, float(x) + float(size) / 2)
            break
    root.insert(0, kept)


def _plate(x: float, y: float, size: float) -> dict[str, str]:
    around = f"{size + 2 * PLATE:g}"
    return {"class": "plate", "x": f"{x - PLATE:g}", "y": f"{y - PLATE:g}", "width": around, "height": around, "rx": "7"}


def _centre(group: Element, middle: float) -> None:
    """Text below an icon keeps to its middle in whatever font it is shown."""
    for text in group.iter(f"{{{SVG}}}text"):
        text.attrib.update({"text-anchor": "middle", "x": f"{middle:g}"})


def _plain(group: Element) -> None:
    """The looks come from the style sheet, the words from the description."""
    for child in list(group):
        name = child.tag.rpartition("}")[2]
        if name == "title":
            group.remove(child)
        elif name in ("path", "polygon", "text"):
            for key in ("fill", "stroke", "stroke-dasharray", "font-family", "font-size"):
                child.attrib.pop(key, None)
            for key in [key for key in child.attrib if key.endswith("}space")]:
                del child.attrib[key]
            if name == "text" and child.attrib.pop("font-weight", "") == "bold":
                child.attrib["class"] = "name"
    group.attrib.pop("id", None)
