"""Texts that the client tests share."""

# Made-up citizen service number from the RvIG's test range, and a made-up address.
BSN = "999990019"
EMAIL = "fatima.elidrissi@voorbeeldmail.nl"
CLEAN = "Schrijf een uitnodiging voor de bewonersavond over het speelplein."
SECRET = f"Schrijf een brief aan de burger met BSN {BSN} over de bijstand."
PERSONAL = f"Schrijf een antwoord aan {EMAIL} dat de vergunning klaarligt."
