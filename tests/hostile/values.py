"""Lists hostile values for command lines: texts, numbers, days, paths, structures, and environment variables."""

LONG = 3_000
ENV = {"LIGGARE_ACTOR": "tester", "HOME": "/nonexistent", "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
TEXTS = (
    "", " ", "x", "x" * LONG, "å" * LONG, "\n", "a\nb", "\t", "\r\n", "\x1b[2J\x1b[31m", "\x07", "\u202egnp.exe",
    "שלום", "مرحبا", "\u200b", "\ufeffx", "\U000e0041", "e\u0301", "\udcff\udcfe", "a\udcff", "\U0001f600" * 50, "'",
    '"', "`id`", "$(id)", "; rm", "{}", "{x}", "{0}", "{amount:kr}", "%s", "%(x)s", "%", "\\", "\\x00", "\\N{DASH}",
    "[bold]", "[/]", "[/bold", "None", "null", "true", "nan", "NaN", "inf", "-Infinity", "-", "--", "---", "-x",
    "--json", "--help", "@", "@@", "@0", "@-1", "@1e9", "@9" * 20, "=", "==", "a=", "=a", ";", ";;", ",", ".", ":",
    "::", "a:b", "*", "?", "#", "&", "|", "~", "~root", "!", "\u2028", "\x7f", "\x85", "ﬁ", "Ⅷ", "K", "ſ", "İ", "ß",
    "sala", "Sala", "SALA", "sala ", "p01", "p99999", "m1", "g", "secretariat",
)  # fmt: skip
NUMBERS = (
    "0", "-0", "-1", "1", "2", "3", "4", "40", "99999", "2147483648", "9007199254740992", "9223372036854775807",
    "9223372036854775808", "-9223372036854775809", "1" * 30, "9" * LONG, "-" + "9" * 400, "1e3", "1e999", "1E400",
    "0x10", "1_000", "1 000", "1\u00a0000", "1,5", "1.5", "1,234.56", "1.234,56", "+1", "++1", "٣", "１２", "²", "½",
    "1/3", "1/0", "0/0", "-1/3", "9/1", "007", "1.", ".5", "1kr", "1 kr", "1 234,56 kr", "1,00", "1,0000000", "1e-400",
    "1" + "0" * 400 + ",5", "100 %",
)  # fmt: skip
DAYS = (
    "0000-00-00", "0000-01-01", "0001-01-01", "1899-12-31", "1900-01-01", "2199-12-31", "2200-01-01", "9999-12-31",
    "10000-01-01", "-2024-01-01", "+2024-01-01", "2024-02-30", "2025-02-29", "2024-13-01", "2024-00-01", "2024-1-1",
    "24-01-01", "20240101", "2024-W01-1", "2024-001", "2024", "2024-05", "2024-05-01/2024-04-01",
    "2024-05-01/2024-05-31", "2024/2025", "/", "2024-05-01/", "../2024", "2024-01-01..2025-01-01", "..",
    "2024-01-01..", "..2024-01-01", "2025-01-01..2024-01-01", "@1..@5", "@5..@1", "@0..@0", "a..b..c", "2024-05-01T",
    "2024-03-31T02:30", "2025-10-26T02:30", "2024-03-31T02:30Z", "2024-05-01T24:00", "2024-05-01T12:00:60Z",
    "2024-05-01T12:00+25:00", "2024-05-01T12:00+23:59", "0001-01-01T00:00+23:59", "1900-01-01T00:00+23:59",
    "9999-12-31T23:59-23:59", "2199-12-31T23:59:59.999999-23:59", "2024-05-01T12:00:00.0000000000001Z",
    "2024-05-01t12:00z", "٢٠٢٤-٠١-٠١", "２０２４-01-01", "2024‐01‐01", "2024-05-01 ", " 2024-05-01", "2024-05-01\n",
    "today", "i dag", "31/12/2024", "2024H1", "2024h1", "2024H3", "1899H1", "2199H2", "9999H1", "@3", "@250",
    "@999999999999999", "@9999999999999999", "@٣", "12:00", "24:00", "02-30", "02-29", "13-01",
)  # fmt: skip
PATHS = (
    "missing", "missing/x", "folder", "folder/", "folder/full", "folder/full/x", "pipe", "unreadable", "loop",
    "loop/x", "dangling", "sparse", "nulls", "zero", "devfull", "socket", "closed", "closed/x", ".", "folder/..",
    "/proc", "/proc/self/mem", "/proc/self/fd/0", "/proc/self/environ", "/proc/kmsg", "/dev/stdin", "/dev/fd/0",
    "/dev/fd/99", "x" * 300, "a/" * 1500, "./" * 3000, "liggare.db", "liggare.db/", "./liggare.db", "liggare.db-wal",
    "liggare.db.key", "liggare.db.key.signed", "export", "export/", "export/export.json", "receipt.proof",
    "checkpoint.txt", "bad.db", "new", "new/", "nya\udcff", "new\nline", "-new", "@new", "C:\\x", "file:///x", "~/x",
    "new.db", "link.db", "folder/../liggare.db", "export/../new.db", "\udcff",
)  # fmt: skip
PLACES = (
    "sqlite:///x.db", "sqlite://", "sqlite:////", "sqlite:///liggare.db", "sqlite:///:memory:", ":memory:",
    "sqlite:///file:x?mode=ro&uri=true", "postgresql://", "postgresql+psycopg://127.0.0.1:1/x",
    "postgresql://u:secret@127.0.0.1:1/x?schema=a", "postgresql://[::1", "postgresql://127.0.0.1:99999/x",
    "postgresql://127.0.0.1:x/y", "postgresql+psycopg://127.0.0.1:1/x?schema=" + "s" * 200, "://", "x://y",
    "mysql://127.0.0.1/x", "oracle://x", "http://127.0.0.1:1/", "postgresql+psycopg://127.0.0.1:1/x?connect_timeout=x",
    "a://b\udcff", "postgresql+psycopg://127.0.0.1:1/x?options=%00", "postgresql+psycopg://%zz@127.0.0.1:1/",
    "postgresql+nope://127.0.0.1:1/x", "postgresql+psycopg://127.0.0.1:1/x?schema=",
    "postgresql+psycopg://127.0.0.1:1/x?nope=1", "postgresql+psycopg:///x?host=/nowhere",
)  # fmt: skip
STRUCTURES = (
    '{"number": 1, "title": "x", "kind": "information"}', '{"number": "1"}', '{"number": 1, "number": 2}', "{", "[",
    "[]", "{}", "[[[[]]]]", "[" * 5_000, "[" * LONG + "]" * LONG, '{"a":' * LONG + "1" + "}" * LONG,
    '{"number": 1e999}', '{"number": NaN}', '"x"', "null", "1", '{"\\ud800": 1}', '{"number": ' + "9" * 5_000 + "}",
    "@missing", "@folder", "@pipe", "@zero", "@nulls", "@", "@@", "@terms.json", "@liggare.db", "@export/export.json",
    "@profile.toml", "@loop", "@unreadable", "sala=1", "sala=1 000", "sala=x", "sala=", "=1", "sala=1=2", "sala=-1",
    "sala=" + "9" * 50, "x=1", "sala=1;sala=2", "a=b;c=d", ";".join(f"p{n}={n}" for n in range(500)),
    "population-day=31-dec", "population-day=x", "x=y", "population-day", "notice", "notice=x", "meeting:srb-1",
    "seat:x/y", "a:b:c", "person:p01",
    "liggare/0123456789abcdef0123456789abcdef+f49d54f6+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4", "x+y+z",
    "a+00000000+AQ==", "++", "x+zz+!!",
)  # fmt: skip
POOLS = (TEXTS, NUMBERS, DAYS, PATHS, PLACES, STRUCTURES)
FITTING = {  # a word in a parameter's name or metavar → hostile values for such parameters
    "DAY": DAYS, "WHEN": DAYS, "on": DAYS, "until": DAYS, "since": DAYS, "half_year": DAYS, "year": NUMBERS,
    "entry": NUMBERS, "yes_lost": NUMBERS, "instalment": NUMBERS, "amount": NUMBERS, "percent": NUMBERS,
    "level": NUMBERS, "version": NUMBERS, "number": NUMBERS, "location": (*PATHS, *PLACES),
    "source": (*PATHS, *PLACES), "target": (*PATHS, *PLACES), "FILE": PATHS, "file": PATHS, "folder": PATHS,
    "place": PATHS, "document": PATHS, "replacement": STRUCTURES, "assumed": STRUCTURES, "vkey": STRUCTURES,
    "figures": STRUCTURES, "seats": STRUCTURES, "agenda": STRUCTURES, "terms": STRUCTURES, "public_key": STRUCTURES,
}  # fmt: skip
GIVEN = {  # parameter that takes a file → the good files of which damaged copies are made for it
    "file": ("e.jsonl", "e.csv"), "replacement": ("e.jsonl",), "terms": ("profile.toml", "terms.json"),
    "text": ("text.txt",), "since": ("checkpoint.txt",), "against": ("checkpoint.txt",),
    "after_restore": ("checkpoint.txt",), "key_file": ("liggare.db.key",), "place": ("export", "receipt.proof"),
    "location": ("liggare.db",), "source": ("liggare.db",),
}  # fmt: skip
GOOD = {  # name of an argument → a good value for the argument
    "year": "2024", "half_year": "2024H1", "provision": "notice", "entry": "40", "instalment": "1", "person": "p05",
    "file": "e.jsonl", "folder": "new", "place": "export", "source": "liggare.db", "target": "new.db",
    "name": "payment-made", "cause": "quashed", "reason": "r", "decision": "d", "on": "2026-01-02",
    "shell": "bash", "kind": "council", "out": "paper.pdf", "of": "payments",
}  # fmt: skip
OF_ENV = {  # environment variable → hostile values for the variable
    "LIGGARE_LEDGER": (*PATHS, *PLACES, "", " "), "LIGGARE_ACTOR": TEXTS,
    "LIGGARE_LANG": ("", "x", "sv", "SV", "en_US", "\udcff"), "LIGGARE_KEY_FILE": PATHS,
    "TZ": ("", "x", ":/etc/passwd", "Asia/Kathmandu", "UTC+99", "x" * LONG, "../../etc/passwd", "\udcff"),
    "LANG": ("", "C", "sv_SE.ISO-8859-1", "tr_TR.UTF-8", "x" * LONG, "../..", "\udcff"),
    "LC_ALL": ("C", "POSIX", "zz_ZZ", "\udcff"),
    "COLUMNS": ("", "0", "-5", "1", "3", "x", "1e9", "99999999", "9" * 400, "٣"), "LINES": ("0", "-1", "x"),
    "NO_COLOR": ("", "1", "\udcff"), "FORCE_COLOR": ("", "0", "1", "x"),
    "TERM": ("", "dumb", "unknown", "xterm-256color", "x" * LONG), "HOME": ("", "/", "missing", "\udcff"),
    "TMPDIR": ("", "missing", "folder/full", "/proc", "\udcff"), "SQLITE_TMPDIR": ("missing", "folder/full"),
    "PATH": ("", ":", "\udcff"),
    "_LIGGARE_COMPLETE": ("bash_source", "bash_complete", "x", "", "zsh_source", "fish_complete"), "PGSERVICE": ("x",),
    "PGPORT": ("x",), "COMP_WORDS": ("'", "liggare rec", "\udcff"), "COMP_CWORD": ("x", "-1", "1"),
    "PYTHONUTF8": ("0",), "PYTHONIOENCODING": ("ascii",),
}  # fmt: skip
STREAMS = (
    ("closed", "", ""), ("null", "", ""), ("zero", "", ""), ("spoilt", "", ""), ("nulls", "", ""),
    ("folder/full", "", ""), ("null", "closed", ""), ("null", "full", ""), ("null", "broken", ""),
    ("null", "", "closed"), ("null", "", "full"), ("null", "", "broken"), ("closed", "closed", "closed"),
    ("null", "full", "full"), ("broken", "", ""), ("null", "null", ""),
)  # fmt: skip
