"""The views of a database of facts, and the queries on it that Datasette offers, with `:on` and `:known_at`.

All SQL is in SQLite's dialect. Whoever asks gives values as parameters alone.
"""

from __future__ import annotations

from typing import NamedTuple

from ledger.messages import marked


class Query(NamedTuple):
    """A query with its title, which is a message."""

    title: str
    sql: str


# `:known_at` is a position N or @N, a day, which means its end in Sweden, a moment with Z or an offset, or a moment by
# the clock in Sweden. Empty or missing, it is the last position. A missing `:on` is today in UTC.
POSITION = """CASE
    WHEN coalesce(:known_at, '') = '' THEN (SELECT max("position") FROM "entries")
    WHEN ltrim(:known_at, '@') NOT GLOB '*[^0-9]*' THEN CAST(ltrim(:known_at, '@') AS INTEGER)
    WHEN length(:known_at) = 10
      THEN (SELECT count(*) FROM "entries" WHERE substr("recorded_in_sweden", 1, 10) <= :known_at)
    WHEN :known_at GLOB '*Z' THEN (SELECT count(*) FROM "entries" WHERE rtrim("recorded_at", 'Z') <= substr(
      rtrim(:known_at, 'Z')
      || CASE length(:known_at) WHEN 17 THEN ':00.000000' WHEN 20 THEN '.000000' ELSE '000000' END, 1, 26))
    WHEN substr(:known_at, -6, 1) IN ('+', '-') THEN (SELECT count(*) FROM "entries"
      WHERE rtrim("recorded_at", 'Z') <= CASE WHEN length(:known_at) < 25 THEN strftime('%Y-%m-%dT%H:%M:00', :known_at)
        ELSE strftime('%Y-%m-%dT%H:%M:%S', substr(:known_at, 1, 19) || substr(:known_at, -6)) END
        || substr(CASE WHEN length(:known_at) > 25 THEN substr(:known_at, 20, length(:known_at) - 25) ELSE '.' END
        || '000000', 1, 7))
    ELSE (SELECT count(*) FROM "entries" WHERE "recorded_in_sweden" <= substr(
      :known_at || CASE length(:known_at) WHEN 16 THEN ':00.000000' WHEN 19 THEN '.000000' ELSE '000000' END, 1, 26))
  END"""
ASKED = f"""WITH asked AS (SELECT coalesce(nullif(:on, ''), date('now')) AS day, {POSITION} AS known)"""
NOW = """WITH asked AS (SELECT date('now') AS day, (SELECT max("position") FROM "entries") AS known)"""


def _known(table: str) -> str:
    """Returns the condition that a row of a table is what the record said at the position asked about."""
    return f"{table}.known_from <= asked.known AND ({table}.known_to IS NULL OR asked.known < {table}.known_to)"


def _holds(table: str) -> str:
    """Returns the condition that a row of a table also holds on the day asked about."""
    return (f"{table}.valid_from <= asked.day AND ({table}.valid_to IS NULL OR asked.day < {table}.valid_to) "
            f"AND {_known(table)}")  # fmt: skip


NAME = f"(SELECT name FROM persons WHERE persons.person = {{of}} AND {_holds('persons')})"
COUNCIL = f"""SELECT s.person, {NAME.format(of="s.person")} AS name, s.party, s.seat, s.political_party, s.bloc,
  (SELECT post FROM posts WHERE posts.person = s.person AND {_holds("posts")}
      AND (post <> 'chair' OR posts.entry = s.entry)
    ORDER BY post = 'chair' DESC, posts.valid_from DESC, posts.entry DESC LIMIT 1) AS post,
  s.since, s.until, s.certain, s.entry, asked.known AS known_at
FROM asked JOIN seats AS s ON {_holds("s")}
ORDER BY s.party IN (SELECT party FROM parties WHERE kind = 'region'), s.party, s.seat, s.person"""
EXPERTS = f"""SELECT e.person, {NAME.format(of="e.person")} AS name, e.field,
  e.valid_from AS since, e.valid_to AS until, e.certain, e.entry, asked.known AS known_at
FROM asked JOIN experts AS e ON {_holds("e")} ORDER BY e.person, e.entry"""
AGREEMENT = f"""SELECT v.version, v.title, v.status, v.valid_from AS since, p.party,
  coalesce((SELECT n.name FROM parties AS n WHERE n.party = p.party AND {_holds("n")}), p.name) AS name,
  a.decision, a.decided_on, a.reservation, a.entry, asked.known AS known_at
FROM asked JOIN versions AS v ON {_holds("v")} AND v.status <> 'replaced'
JOIN deciding_parties AS p ON p.version = v.version AND {_holds("p")}
LEFT JOIN adoptions AS a ON a.version = v.version AND a.party = p.party AND {_holds("a")}
ORDER BY v.version, p.kind = 'region', p.party"""
MEETINGS = f"""SELECT m.meeting, m.status, m.meets_on, m.starts_at, m.place, m.notice_sent, m.chaired_by, m.adjuster,
  m.signed_on, m.adjusted_on,
  (SELECT count(*) FROM attendance AS t WHERE t.meeting = m.meeting AND t.role = 'member' AND {_holds("t")}) AS present,
  asked.known AS known_at
FROM asked JOIN meetings AS m ON {_holds("m")} ORDER BY m.meets_on, m.meeting"""
GROUPS = f"""SELECT g.group_id, g.name, g.kind, p.role, p.person, {NAME.format(of="p.person")} AS person_name, p.party,
  p.valid_from AS since, p.certain, p.entry, asked.known AS known_at
FROM asked JOIN groups AS g ON {_holds("g")}
LEFT JOIN group_people AS p ON p.group_id = g.group_id AND {_holds("p")}
ORDER BY g.group_id, p.role, p.person"""
OFFICES = f"""SELECT o.person, {NAME.format(of="o.person")} AS name, o.office, o.party,
  o.valid_from AS since, o.certain, o.entry, asked.known AS known_at
FROM asked JOIN offices AS o ON {_holds("o")} ORDER BY o.office, o.party, o.person"""
ANSWERS = f"""SELECT a.recommendation, a.meeting, r.text, a.party, a.answer, a.entry, asked.known AS known_at
FROM asked JOIN recommendation_answers AS a ON {_holds("a")}
LEFT JOIN recommendations AS r ON r.recommendation = a.recommendation AND r.meeting = a.meeting AND {_holds("r")}
ORDER BY a.meeting, a.recommendation, a.party"""
NETTED = f"""SELECT c.party, c.year, c.instalment, c.counts_from AS day, 'claim' AS what, c.amount, NULL AS reference,
    c.entry, c.counts_from <= asked.day AS counts
  FROM asked JOIN claims AS c ON {_holds("c")}
  UNION ALL SELECT p.party, coalesce(p.year, CAST(substr(p.valid_from, 1, 4) AS INTEGER)), p.instalment, p.valid_from,
    p.purpose, -p.amount, p.reference, p.entry, p.purpose <> 'other' FROM asked JOIN payments AS p ON {_holds("p")}
  UNION ALL SELECT coalesce(p.to_party, (SELECT r.party FROM parties AS r WHERE r.kind = 'region'
      AND r.valid_from <= p.valid_from AND (r.valid_to IS NULL OR p.valid_from < r.valid_to) AND {_known("r")})),
    coalesce(p.year, CAST(substr(p.valid_from, 1, 4) AS INTEGER)), p.instalment, p.valid_from,
    p.purpose, p.amount, p.reference, p.entry, p.purpose <> 'other' FROM asked JOIN payments AS p ON {_holds("p")}"""
ACCOUNT = f"""SELECT l.day, l.what, l.year, l.instalment, l.amount, CASE WHEN l.counts THEN sum(CASE WHEN l.counts
    THEN l.amount ELSE 0 END) OVER (ORDER BY l.day, l.what <> 'claim', l.entry) END AS balance,
  l.reference, l.entry, asked.known AS known_at
FROM asked, ({NETTED}) AS l
WHERE l.party = :party AND (coalesce(:year, '') = '' OR l.year = CAST(:year AS INTEGER))
ORDER BY l.day, l.what <> 'claim', l.entry"""
COSTS = f"""SELECT l.year, l.party, (SELECT s.amount FROM cost_shares AS s
    WHERE s.year = l.year AND s.party = l.party AND {_holds("s")}) AS share,
  sum(CASE WHEN l.what = 'claim' THEN l.amount ELSE 0 END) AS claimed,
  -sum(CASE WHEN l.what <> 'claim' AND l.counts THEN l.amount ELSE 0 END) AS paid,
  sum(CASE WHEN l.counts THEN l.amount ELSE 0 END) AS balance, asked.known AS known_at
FROM asked, ({NETTED}) AS l
WHERE l.party NOT IN (SELECT party FROM parties WHERE kind = 'region'){{of_year}}
GROUP BY l.year, l.party ORDER BY l.year, l.party"""
OF_YEAR = " AND (coalesce(:year, '') = '' OR l.year = CAST(:year AS INTEGER))"
LEVELS = f"""SELECT c.year, c.level, c.why, c.change, c.entry, asked.known AS known_at
FROM asked JOIN cost_levels AS c ON {_holds("c")} ORDER BY c.year"""
PERHAPS = f"""SELECT s.person, {NAME.format(of="s.person")} AS name, s.party, s.seat, s.valid_from_first, s.valid_from,
  s.valid_to_first, s.valid_to, s.entry, s.ended_by, asked.known AS known_at
FROM asked JOIN seats AS s ON {_known("s")} AND NOT s.certain
  AND (s.valid_from_first <= asked.day AND asked.day < s.valid_from
    OR s.valid_to_first <= asked.day AND asked.day < s.valid_to)
ORDER BY s.party, s.seat, s.person"""
HISTORY = """SELECT s.person, s.party, s.seat, s.political_party, s.bloc, s.valid_from, s.valid_to, s.known_from,
  k.recorded_at AS known_from_moment, s.known_to, g.recorded_at AS known_to_moment, s.entry
FROM seats AS s JOIN entries AS k ON k.position = s.known_from LEFT JOIN entries AS g ON g.position = s.known_to
WHERE s.person = :person ORDER BY s.known_from, s.valid_from"""

QUERIES = {  # the name of a query in its address → the query
    "council_on": Query(marked("Who sits in the body on a day, as known at a moment"), f"{ASKED}\n{COUNCIL}"),
    "experts_on": Query(marked("Who is co-opted on a day, as known at a moment"), f"{ASKED}\n{EXPERTS}"),
    "agreement_on": Query(marked("Who has adopted the agreement by a day, as known at a moment"),
                          f"{ASKED}\n{AGREEMENT}"),
    "meetings_on": Query(marked("How the meetings stand on a day, as known at a moment"), f"{ASKED}\n{MEETINGS}"),
    "groups_on": Query(marked("The groups and their people on a day, as known at a moment"), f"{ASKED}\n{GROUPS}"),
    "offices_on": Query(marked("Who holds the offices on a day, as known at a moment"), f"{ASKED}\n{OFFICES}"),
    "answers_on": Query(marked("Who has answered the recommendations by a day, as known at a moment"),
                        f"{ASKED}\n{ANSWERS}"),
    "account_on": Query(marked("The account of a party on a day, as known at a moment, in öre"), f"{ASKED}\n{ACCOUNT}"),
    "costs_on": Query(marked("What each municipality owes on a day, as known at a moment, in öre"),
                      f"{ASKED}\n{COSTS}".replace("{of_year}", OF_YEAR)),
    "levels_on": Query(marked("The level of each year on a day, as known at a moment, in öre"), f"{ASKED}\n{LEVELS}"),
    "perhaps_on": Query(marked("Who may sit on a day, where a day is known loosely"), f"{ASKED}\n{PERHAPS}"),
    "seats_of": Query(marked("What the record has said of a person's seats, and when"), HISTORY),
}  # fmt: skip
VIEWS = {
    name: f'CREATE VIEW "{name}" AS {sql}'
    for name, sql in {
        "council": f"{NOW}\n{COUNCIL}",
        "agreement": f"{NOW}\n{AGREEMENT}",
        "costs": f"{NOW}\n{COSTS}".replace("{of_year}", ""),
        "moments": 'SELECT "position", "recorded_at", "recorded_in_sweden" FROM "entries"',
    }.items()
}
