"""A PDF of one page with some lines of text, for documents of the demonstration. Printable ASCII alone."""

from collections.abc import Sequence


def plain_pdf(lines: Sequence[str]) -> bytes:
    """The file; lines stand below each other from the top of an A4 page. Raises ValueError for other letters."""
    shown = []
    for line in lines:
        if not (line.isascii() and line.isprintable()):
            raise ValueError(f"Only printable ASCII is written: {line!r}")
        escaped = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        shown.append(f"({escaped}) Tj T*")
    text = "\n".join(["BT /F1 12 Tf 18 TL 72 770 Td", *shown, "ET"])
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R "
        "/Resources << /Font << /F1 4 0 R >> >> >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
    ]
    made, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(made))
        made += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    begins = len(made)
    made += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    made += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{begins}\n%%EOF\n"
    return made.encode("ascii")
