"""The headings of tables: how a column is called in Swedish and in English, and the words that cells may hold instead
of the events' own. Only literal data is here; `exchange.columns` reads headings by it, and templates are made of it.

The Swedish words are those of the agreement and of the local government act (kommunallagen), as in the glossary.
"""

from __future__ import annotations

from typing import NamedTuple


class Column(NamedTuple):
    """What a column of a list holds, by the name of its field, and its headings.

    `swedish` and `english` are the headings that a template writes; a table may also have any of `also`, or the name
    of the field. Capital letters, spaces around a heading and a `:` or `*` after it do not matter.
    """

    field: str
    swedish: str
    english: str
    also: tuple[str, ...] = ()


KINDS = ("jsonl", "csv", "members", "payments", "camt")  # what `import --kind` takes

# `import --kind payments`: a row is a payment.
PAYMENTS = (
    Column("on", "Datum", "Date", ("Dag", "Betalningsdatum", "Betaldatum", "Betalningsdag", "Betaldag", "Betald",
                                   "Inbetalningsdatum", "Inbetald", "Inkommen", "Payment date", "Paid on", "Day",
                                   "valid_on")),
    Column("party", "Kommun", "Municipality", ("Part", "Betalare", "Inbetalare", "Avsändare", "Från", "Kommunkod",
                                               "Organisationsnummer", "Org.nr", "Orgnr", "Payer", "Paid by",
                                               "Organisation number")),
    Column("amount", "Belopp", "Amount", ("Summa", "Inbetalt", "Inbetalt belopp", "Betalt belopp", "Amount paid")),
    Column("year", "År", "Year", ("Avser år", "Verksamhetsår", "For year", "Activity year")),
    Column("instalment", "Inbetalning", "Instalment", ("Delbetalning", "Rat", "Halva", "Instalment number")),
    Column("reference", "Referens", "Reference", ("OCR", "OCR-nummer", "OCR-nr", "OCR/referens", "Referens/OCR",
                                                  "Betalningsreferens", "Payment reference")),
    Column("purpose", "Ändamål", "Purpose", ("Avser", "Syfte")),
    Column("to", "Till", "To", ("Mottagare", "Betalningsmottagare", "Payee", "Paid to")),
    Column("organ", "Organ", "Organ", ("Beslutat av", "Decided by")),
    Column("dnr", "Diarienummer", "Registration number", ("Dnr", "Diarienr", "registration_number")),
    Column("bank_reference", "Bankens referens", "Bank's reference", ("Bankreferens", "Bank reference")),
)  # fmt: skip

# `import --kind members`: a row is a person, and the seat that the person takes.
MEMBERS = (
    Column("name", "Namn", "Name", ("Ledamot", "Förtroendevald", "Person", "För- och efternamn", "Member")),
    Column("first_name", "Förnamn", "First name", ("Given name",)),
    Column("last_name", "Efternamn", "Last name", ("Surname", "Family name")),
    Column("person", "Id", "Id", ("Person-id", "Personid", "Person id")),
    Column("party", "Kommun", "Municipality", ("Part", "Kommun/region", "Region/kommun", "Kommun eller region",
                                               "Huvudman", "Kommunkod", "Party", "Appointed by", "Utsedd av")),
    Column("seat", "Plats", "Seat", ("Uppdrag", "Post", "Uppdrag/post", "Roll", "Funktion", "Position")),
    Column("political_party", "Parti", "Political party", ("Partibeteckning", "Partitillhörighet")),
    Column("bloc", "Block", "Bloc", ("Majoritet/opposition", "Majoritet eller opposition", "Sida")),
    Column("on", "Från och med", "From", ("Fr.o.m.", "From och med", "Från", "Tillträder", "Tillträde", "Datum", "Dag",
                                          "Första dag", "Vald från", "Date", "Day", "First day", "valid_on")),
    Column("last_day", "Till och med", "Last day", ("T.o.m.", "Tom", "Sista dag", "Vald till och med", "Through")),
    Column("until", "Fram till", "Until", ("Upphör", "First day without")),
    Column("deputy_for", "Ersättare för", "Deputy for", ("Ersättare", "Deputy", "Alternate for")),
    Column("organ", "Organ", "Organ", ("Beslutat av", "Beslutsorgan", "Decided by")),
    Column("decided_on", "Beslutsdag", "Decided on", ("Beslutsdatum", "Decision date")),
    Column("paragraph", "Paragraf", "Paragraph", ("§",)),
    Column("dnr", "Diarienummer", "Registration number", ("Dnr", "Diarienr", "registration_number")),
)  # fmt: skip

LISTS = {"members": MEMBERS, "payments": PAYMENTS}
EVENT_OF = {"members": "member-appointed", "payments": "payment-made"}  # the event whose fields a list has

# `import --csv EVENT`: field → (Swedish heading, English heading, others that are understood).
FIELDS: dict[str, tuple[str, ...]] = {
    # the fields that all events share, by their options
    "on": ("Datum", "Date", "Dag", "Day", "valid_on"),
    "organ": ("Organ", "Organ", "Beslutat av", "Beslutsorgan", "Decided by"),
    "decided_on": ("Beslutsdag", "Decided on", "Beslutsdatum", "Decision date"),
    "paragraph": ("Paragraf", "Paragraph", "§"),
    "dnr": ("Diarienummer", "Registration number", "Dnr", "Diarienr", "registration_number"),
    "document": ("Handling", "Document", "Dokument"),
    # the fields of the events
    "account": ("Konto", "Account"),
    "activity": ("Aktivitet", "Activity"),
    "addressees": ("Adressater", "Addressees", "Mottagare"),
    "adjuster": ("Justerare", "Adjuster", "Justeringsperson"),
    "agenda": ("Föredragningslista", "Agenda", "Dagordning"),
    "agreed_by": ("Avtalat av", "Agreed by"),
    "amount": ("Belopp", "Amount", "Summa"),
    "amounts": ("Belopp", "Amounts"),
    "answer": ("Svar", "Answer"),
    "assembly": ("Fullmäktige", "Assembly", "Kommun", "Part"),
    "assignment": ("Uppdrag", "Assignment"),
    "background": ("Bakgrund", "Background"),
    "bank_reference": ("Bankens referens", "Bank's reference", "Bankreferens", "Bank reference"),
    "bloc": ("Block", "Bloc", "Majoritet/opposition"),
    "borne_by": ("Betalat av", "Borne by", "Bärs av"),
    "by": ("Av", "By"),
    "called_by": ("Kallelse av", "Called by", "Kallad av"),
    "cause": ("Orsak", "Cause"),
    "chaired_by": ("Ordförande", "Chaired by", "Chair"),
    "closed_at": ("Avslutades", "Closed at", "Slut"),
    "commitment": ("Åtagande", "Commitment"),
    "composition": ("Sammansättning", "Composition"),
    "concerns": ("Berörda", "Concerns"),
    "consensus": ("Konsensus", "Consensus"),
    "counted_on": ("Folkmängd per", "Counted on", "Folkmängd den"),
    "court": ("Domstol", "Court"),
    "decision": ("Beslut", "Decision"),
    "description": ("Beskrivning", "Description"),
    "dissent": ("Avvikande mening", "Dissent"),
    "documents": ("Handlingar", "Documents"),
    "duty": ("Uppgift", "Duty"),
    "employer": ("Arbetsgivare", "Employer"),
    "ends_on": ("Upphör från och med", "Ends on"),
    "entry": ("Post", "Entry"),
    "experts": ("Sakkunniga", "Experts"),
    "extra": ("Extra sammanträde", "Extra"),
    "field": ("Sakområde", "Field"),
    "figures": ("Folkmängd", "Figures", "Uppgifter", "Population"),
    "for_party": ("För ledamöter från", "For party"),
    "funder": ("Finansiär", "Funder"),
    "group": ("Grupp", "Group", "Samverkansgrupp"),
    "half_year": ("Halvår", "Half-year", "Half year"),
    "in_force_from": ("Gäller från och med", "In force from"),
    "instalment": ("Inbetalning", "Instalment", "Delbetalning", "Rat"),
    "item": ("Ärende", "Item", "Ärendenummer"),
    "items": ("Ärenden", "Items"),
    "kind": ("Slag", "Kind", "Typ"),
    "level": ("Nivå", "Level", "Kostnadsnivå"),
    "majority": ("Majoritet", "Majority"),
    "matter": ("Fråga att behandla", "Matter", "Fråga"),
    "meeting": ("Sammanträde", "Meeting"),
    "meets_on": ("Sammanträdesdag", "Meets on", "Sammanträdesdatum"),
    "name": ("Namn", "Name"),
    "office": ("Befattning", "Office"),
    "opened_at": ("Öppnades", "Opened at", "Början"),
    "organisers": ("Arrangörer", "Organisers", "Arrangör"),
    "others": ("Övriga närvarande", "Others"),
    "otherwise_decided": ("Annat beslutat", "Otherwise decided", "Annat beslutat vid utseendet"),
    "outcome": ("Utgång", "Outcome"),
    "party": ("Kommun", "Party", "Part", "Kommun/region", "Kommunkod", "Municipality"),
    "percent": ("Procent", "Percent"),
    "person": ("Person", "Person", "Person-id", "Id"),
    "place": ("Plats", "Place", "Mötesplats"),
    "political_party": ("Parti", "Political party"),
    "post": ("Presidieuppdrag", "Post", "Uppdrag"),
    "present": ("Närvarande", "Present"),
    "project": ("Projekt", "Project"),
    "proposals": ("Yrkanden", "Proposals"),
    "public_key": ("Publik nyckel", "Public key"),
    "purpose": ("Ändamål", "Purpose", "Avser"),
    "question": ("Fråga", "Question"),
    "reading": ("Läsart", "Reading"),
    "reason": ("Skäl", "Reason"),
    "recommendation": ("Rekommendation", "Recommendation"),
    "recused": ("Jäviga", "Recused"),
    "reference": ("Referens", "Reference", "OCR", "OCR-nummer"),
    "reference_year": ("Avser år", "Reference year"),
    "registrar": ("Registrator", "Registrar"),
    "remote": ("På distans", "Remote"),
    "request": ("Begäran", "Request"),
    "requests": ("Begäranden", "Requests"),
    "reservation": ("Förbehåll", "Reservation"),
    "roles": ("Roller", "Roles"),
    "seat": ("Plats", "Seat", "Uppdrag", "Uppdrag/post"),
    "seats": ("Platser", "Seats"),
    "secretary": ("Sekreterare", "Secretary"),
    "series": ("Indexserie", "Series", "Index"),
    "shares": ("Andelar", "Shares"),
    "since": ("Från och med", "Since"),
    "size": ("Antal poster", "Size"),
    "starts_at": ("Börjar", "Starts at", "Klockslag"),
    "subject": ("Ämne", "Subject"),
    "summary": ("Sammanfattning", "Summary"),
    "terms": ("Villkor", "Terms"),
    "text": ("Text", "Text"),
    "title": ("Titel", "Title", "Rubrik"),
    "to": ("Till", "To", "Mottagare"),
    "topic": ("Ämnesområde", "Topic", "Ämne"),
    "until": ("Fram till", "Until"),
    "version": ("Version", "Version"),
    "vote": ("Omröstning", "Vote"),
    "working_forms": ("Arbetsformer", "Working forms"),
    "year": ("År", "Year"),
}

# Columns that lists often have and nothing records. They are told, and not read; no personal identity number is kept.
NOT_READ = frozenset({
    "adress", "address", "anmärkning", "anmärkningar", "anteckning", "comment", "comments", "e-mail", "e-post",
    "e-postadress", "email", "epost", "kommentar", "kommentarer", "kön", "löpnr", "löpnummer", "mejl", "mobil",
    "mobilnummer", "no", "note", "notes", "notering", "nr", "personnr", "personnummer", "phone", "postadress",
    "postnummer", "ort", "rad", "radnr", "remark", "remarks", "telefon", "telefonnummer", "ver.nr", "verifikat",
    "verifikation", "verifikationsnummer", "vernr", "övrigt",
})  # fmt: skip

TOTALS = frozenset({"summa", "totalt", "total", "totalsumma", "delsumma", "s:a", "sum", "subtotal", "grand total"})

# What stands for a name in a list of members where nobody has the seat.
VACANT = frozenset({"vakant", "vakans", "vakant plats", "obesatt", "vacant", "vacancy", "n.n.", "nn", "-", "–"})

# field → word of the events → what a cell may hold instead, with small letters
WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "seat": {
        "executive-chair": ("kommunstyrelsens ordförande", "ks ordförande", "ordförande i kommunstyrelsen", "ks-ordf",
                            "ordförande kommunstyrelsen", "kso", "chair of the executive board"),
        "opposition-leader": ("ledande företrädare för oppositionen", "oppositionsledare",
                              "ledande oppositionsföreträdare",
                              "oppositionsföreträdare", "leader of the opposition"),
        "board-chair": ("regionstyrelsens ordförande", "ordförande i regionstyrelsen", "rs ordförande", "rso",
                        "chair of the regional executive board"),
        "board-presidium": ("ledamot av regionstyrelsens presidium", "regionstyrelsens presidium",
                            "presidiet", "presidium", "presidieledamot", "vice ordförande i regionstyrelsen"),
        "board-party": ("ledamot för parti i regionstyrelsen", "parti i regionstyrelsen", "partiföreträdare",
                        "ledamot i regionstyrelsen", "ledamot av regionstyrelsen"),
    },
    "bloc": {
        "majority": ("majoritet", "majoriteten"),
        "opposition": ("opposition", "oppositionen"),
        "none": ("ingetdera", "inget", "ingen", "varken eller"),
    },
    "purpose": {
        "instalment": ("delbetalning", "inbetalning", "rat", "avgift"),
        "refund": ("återbetalning",),
        "settlement": ("slutreglering",),
        "other": ("annat", "övrigt"),
    },
    "organ": {
        "assembly": ("fullmäktige", "kommunfullmäktige", "regionfullmäktige", "kf", "rf"),
        "executive-board": ("styrelsen", "kommunstyrelsen", "regionstyrelsen", "ks", "rs"),
        "body": ("beredningen", "samverkansberedningen", "regionala samverkansberedningen"),
        "chair": ("ordföranden", "ordförande"),
        "group": ("samverkansgrupp", "gruppen", "samverkansgruppen"),
        "management-group": ("ledningsgruppen", "ledningsgrupp"),
        "official": ("tjänsteperson", "tjänsteman", "handläggare", "delegation"),
        "secretariat": ("sekretariatet", "sekretariat", "kansliet"),
        "court": ("domstol", "förvaltningsrätten"),
        "authority": ("myndighet",),
    },
    "instalment": {
        "1": ("första", "1:a", "den första", "1 av 2", "first"),
        "2": ("andra", "2:a", "den andra", "2 av 2", "second"),
    },
    "post": {
        "region-vice-chair": ("vice ordförande från regionens opposition",),
        "first-vice-chair": ("1:e vice ordförande", "förste vice ordförande", "första vice ordförande"),
        "municipal-vice-chair": ("vice ordförande från kommunernas opposition",),
    },
    "office": {
        "regional-director": ("regiondirektör",),
        "regional-development-director": ("regional utvecklingsdirektör",),
        "municipal-director": ("kommundirektör",),
        "county-director": ("länsråd",),
    },
    "answer": {
        "accepted": ("godtagen", "godtas"),
        "modified": ("godtagen med ändring",),
        "declined": ("inte godtagen", "avböjs", "ej godtagen"),
    },
    "outcome": {
        "noted": ("lagt till handlingarna",),
        "decided": ("beslutat",),
        "adjourned": ("bordlagt", "bordlagd"),
        "referred-back": ("återremitterat", "återremiss"),
        "withdrawn": ("utgått", "utgår"),
    },
    "duty": {"signing": ("undertecknande",), "adjustment": ("justering",)},
    "cause": {"recording-error": ("registreringsfel",), "quashed": ("upphävt beslut", "upphävt")},
    "kind": {
        "information": ("informationsärende",), "recommendation": ("rekommendation",), "election": ("val",),
        "procedure": ("formalia",), "standing": ("fast",), "temporary": ("tillfällig",), "forecast": ("prognos",),
        "outturn": ("utfall",), "secretariat": ("sekreterarfunktion",), "archive": ("arkiv",), "fees": ("arvoden",),
        "external-grant": ("externt bidrag",), "extra-financing": ("extra finansiering",), "other": ("annat", "övrigt"),
        "subcounty-consultation": ("länsdelssamråd",), "theme-day": ("temadag",), "conference": ("konferens",),
        "seminar": ("seminarium",),
    },
    "topic": {
        "regional-development-strategy": ("regional utvecklingsstrategi", "rus"),
        "transport-infrastructure-plan": ("regional transportinfrastrukturplan", "länstransportplan"),
        "culture-plan": ("regional kulturplan",),
        "public-transport-programme": ("trafikförsörjningsprogram",),
        "local-care": ("nära vård",),
        "eu-matters": ("gemensamma eu-frågor", "eu-frågor"),
    },
}  # fmt: skip
YES, NO = ("true", "ja", "yes", "sant", "x"), ("false", "nej", "no", "falskt")
