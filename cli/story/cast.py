"""The people in the stories of the demo and of the benchmarks. Parties are real; persons and political
parties are not.
"""

from __future__ import annotations

# The members: (party, seat, political party, name), in the order p01, p02 and so on. Each municipality has two members.
MEMBERS = (
    ("arboga", "executive-chair", "Ekpartiet", "Alva Påhitt"),
    ("arboga", "opposition-leader", "Almförbundet", "Bertil Sagolund"),
    ("fagersta", "executive-chair", "Ekpartiet", "Cleo Exempelström"),
    ("fagersta", "opposition-leader", "Tallpartiet", "Disa Låtsasberg"),
    ("hallstahammar", "executive-chair", "Lindlistan", "Elof Fabelqvist"),
    ("hallstahammar", "opposition-leader", "Ekpartiet", "Frej Påhitt"),
    ("koping", "executive-chair", "Ekpartiet", "Greta Sagolund"),
    ("koping", "opposition-leader", "Almförbundet", "Hilding Exempelström"),
    ("kungsor", "executive-chair", "Almförbundet", "Iris Låtsasberg"),
    ("kungsor", "opposition-leader", "Ekpartiet", "Jarl Fabelqvist"),
    ("norberg", "executive-chair", "Ekpartiet", "Klara Påhitt"),
    ("norberg", "opposition-leader", "Almförbundet", "Loke Sagolund"),
    ("sala", "executive-chair", "Lindlistan", "Majken Exempelström"),
    ("sala", "opposition-leader", "Ekpartiet", "Nils Låtsasberg"),
    ("skinnskatteberg", "executive-chair", "Almförbundet", "Ottilia Fabelqvist"),
    ("skinnskatteberg", "opposition-leader", "Ekpartiet", "Pelle Påhitt"),
    ("surahammar", "executive-chair", "Ekpartiet", "Quirin Sagolund"),
    ("surahammar", "opposition-leader", "Tallpartiet", "Ragna Exempelström"),
    ("vasteras", "executive-chair", "Ekpartiet", "Sixten Låtsasberg"),
    ("vasteras", "opposition-leader", "Almförbundet", "Tuva Fabelqvist"),
    ("region", "board-chair", "Ekpartiet", "Ulrik Påhitt"),
    ("region", "board-presidium", "Lindlistan", "Viola Sagolund"),
    ("region", "board-presidium", "Almförbundet", "Wilmer Exempelström"),
    ("region", "board-party", "Ekpartiet", "Xenia Låtsasberg"),
    ("region", "board-party", "Lindlistan", "Yngve Fabelqvist"),
    ("region", "board-party", "Tallpartiet", "Ängla Påhitt"),
    ("region", "board-party", "Björkpartiet", "Östen Sagolund"),
)
MISTAKEN = {"p27": "Tallpartiet"}  # a political party recorded wrongly at first, so that the story can correct it
MUNICIPALITIES = tuple(dict.fromkeys(party for party, *_ in MEMBERS if party != "region"))
PARTIES = (*MUNICIPALITIES, "region")
BOARD = {"Ekpartiet": 6, "Lindlistan": 2, "Almförbundet": 4, "Tallpartiet": 2, "Björkpartiet": 1}
MAJORITY = ("Ekpartiet", "Lindlistan")
POSTS = {"p23": "region-vice-chair", "p19": "first-vice-chair", "p14": "municipal-vice-chair"}
