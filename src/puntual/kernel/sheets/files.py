"""What a file is, told from its bytes and never from its name: format, encoding, number of lines.

One pass over the whole file in blocks of a megabyte, so that memory stays flat and no row far down can surprise the
decoder later.
"""

import codecs
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from puntual.kernel.problems import N_, Problem

Format = Literal["delimited", "xlsx", "xls"]

_BLOCK = 1 << 20
_HEAD = 1 << 16
_LONGEST_LINE = 8 << 20  # bytes without a line break: no table is written like that
WORKBOOKS: Final = frozenset({".xlsx", ".xlsm", ".xls"})
"""How workbooks are called. Banks call other things so too, which are read as what they are."""
_ZIP = b"PK\x03\x04"
_COMPOUND = bytes.fromhex("D0CF11E0A1B11AE1")  # MS-CFB: old Excel files, and new ones under a password
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with the same two bytes
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MARKUP = re.compile(rb"\s*<(?:!doctype|html|head|body|table|\?xml|meta|style|div)", re.IGNORECASE)
_OTHERS: Final = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"{\\rtf")
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x19\x1c-\x1f]")
_ESCAPED = re.compile("[\udc80-\udcff]")
_REPLACED = re.compile("\N{REPLACEMENT CHARACTER}")
_HIGH = re.compile("[\x80-\U0010ffff]")

# Code pages of the machines Spanish, Portuguese and English spreadsheets come from: Windows, DOS (old accounting
# programs), Mac. Any byte can be read in each, so the letters of those languages decide; a detector of all the world's
# encodings takes "Peña" for Central European or Japanese. Of equals the first is taken.
_CODE_PAGES = ("cp1252", "cp850", "mac_roman")
_OURS: Final = frozenset("áéíóúñüçãõâêôàÁÉÍÓÚÑÜÇÃÕÂÊÔÀ")
_FOREIGN: Final = frozenset("äëïöèìòùîûåæøßÄËÏÖÈÌÒÙÎÛÅØ")
_MARKS: Final = frozenset("€–—‘“”«»¿¡·´®©½\xa0")
_ANYWHERE: Final = frozenset("’ºª°")


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What a file is. `encoding` is empty for workbooks; `dirty` says that some of its characters are broken."""

    format: Format
    encoding: str = ""
    dirty: bool = False
    lines: int = 0
    quoted: bool = False


class NotATable(Problem):
    """The file is not a spreadsheet we can read."""


def sniff(path: Path) -> Sniffed:
    """Tell what `path` is. Raises NotATable for what is not a spreadsheet, or is empty; OSError where it cannot be read."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf\xfe\xff"):
        raise NotATable(N_("The file is empty. Export it again and check that it has rows."))
    if head.startswith(_ZIP):
        return _zipped(path)
    if head.startswith(_COMPOUND):
        if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
            raise protected()
        return Sniffed("xls")
    if _MARKUP.match(head.removeprefix(codecs.BOM_UTF8)):
        raise NotATable(
            N_(
                "The file is a web page, whatever its name says. Open it in your spreadsheet program and save it as"
                " XLSX or CSV."
            )
        )
    if head.startswith(_OTHERS):
        raise not_a_table()
    return _delimited(path, head)


def not_a_table() -> NotATable:
    """What to answer for a file of any other kind."""
    return NotATable(N_("The file is not a spreadsheet. Puntual reads CSV, TSV, XLSX and XLS."))


def no_workbook(ending: str) -> NotATable:
    """What to answer for what is called a workbook, is none, and is no table either."""
    return NotATable(
        N_(
            "The file is called {ending} and is no workbook that can be read. Open it in your spreadsheet program and save it"
            " as XLSX or CSV."
        ),
        ending=ending,
    )


def protected() -> NotATable:
    """What to answer for a workbook that opens only with its password."""
    return NotATable(N_("The workbook is protected by a password. Save it without one and try again."))


def _zipped(path: Path) -> Sniffed:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile:
        raise NotATable(N_("The workbook is damaged or incomplete. Download or save it again.")) from None
    if not any(name.endswith("workbook.xml") for name in names):
        raise not_a_table()
    return Sniffed("xlsx")


def _delimited(path: Path, head: bytes) -> Sniffed:
    encoding = next((name for mark, name in _BOMS if head.startswith(mark)), "") or _unmarked_utf16(head)
    few = max(10, len(head) // 100)
    if not encoding and (len(_CONTROLS.findall(head)) > few or head.count(0) > few):
        raise not_a_table()
    scan = _Scan(path, encoding or "utf-8")
    if encoding:
        return Sniffed("delimited", encoding, scan.dirty, scan.lines, scan.quoted)
    if scan.broken > scan.valid:
        encoding = _code_page(bytes(scan.sample))
        scan = _Scan(path, encoding)
    return Sniffed("delimited", encoding or "utf-8", scan.dirty, scan.lines, scan.quoted)


def _unmarked_utf16(head: bytes) -> str:
    """UTF-16 without its mark: nearly every second byte of Western text is zero."""
    half = len(head) // 2
    if head[1::2].count(0) > half * 0.7:
        return "utf-16-le"
    return "utf-16-be" if head[::2].count(0) > half * 0.7 else ""


class _Scan:
    """The whole file, decoded once: what is valid, what is broken, how many lines, and the lines that show which."""

    def __init__(self, path: Path, encoding: str) -> None:
        self.valid = self.broken = self.lines = 0
        self.nul = self.quoted = False
        self.sample = bytearray()
        unbroken = 0
        decoder = codecs.getincrementaldecoder(encoding)(error_handler(encoding))
        self._marks = broken_marks(encoding)
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                unbroken = 0 if b"\n" in block or b"\r" in block else unbroken + len(block)
                if unbroken > _LONGEST_LINE:
                    raise not_a_table()
                self._count(block, decoder.decode(block))
            self._count(b"", decoder.decode(b"", final=True))

    @property
    def dirty(self) -> bool:
        return self.nul or self.broken > 0

    def _count(self, block: bytes, text: str) -> None:
        self.lines += text.count("\n") or text.count("\r")
        self.nul = self.nul or "\0" in text
        self.quoted = self.quoted or '"' in text
        if text.isascii():
            return
        broken = len(self._marks.findall(text))
        self.broken += broken
        self.valid += len(_HIGH.findall(text)) - broken
        if len(self.sample) < _HEAD:
            self.sample += b"\n".join(line for line in block.splitlines() if not line.isascii())[:_HEAD]


def error_handler(encoding: str) -> str:
    """How to decode so that what is broken is kept apart from what was written."""
    return "replace" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"


def broken_marks(encoding: str) -> re.Pattern[str]:
    """What broken bytes become under `error_handler`."""
    return _REPLACED if error_handler(encoding) == "replace" else _ESCAPED


def _code_page(sample: bytes) -> str:
    def likeliness(code_page: str) -> int:
        text = f" {sample.decode(code_page, 'replace')} "
        return sum(
            _likely(text[at - 1], character, text[at + 1]) for at, character in enumerate(text) if character > "\x7f"
        )

    return max(_CODE_PAGES, key=likeliness)


def _likely(previous: str, character: str, following: str) -> int:
    """How well a character stands between its neighbors: letters in words of one case, marks outside of them."""
    if character in _OURS or character in _FOREIGN:
        shouted = character.islower() and previous.isupper() and following.isupper()
        alone = not (previous.isalpha() or following.isalpha())
        misplaced = character in "çÇ" and following in "eiEI"
        return -3 if alone or shouted or misplaced else 3 if character in _OURS else 0
    if character in _MARKS:
        return -3 if previous.isalpha() and following.islower() else 2
    return 3 if character in _ANYWHERE else -3
