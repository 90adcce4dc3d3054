//! Birth dates in their notations, and dates that are none.

use crate::detect::testing::{finds, misses};

#[test]
fn a_birth_date_is_found_in_every_notation() {
    for value in ["06-04-2010", "4-2-2011", "11 mei 2015", "1991-12-08", "24/11/80", "5 februari 2004", "19801124"] {
        finds("date-of-birth", &format!("Dex Boonstra (geboren {value}) is aangemeld."), value);
    }
    finds("date-of-birth", "naam;geboortedatum;plaats\nBos;16-09-1943;Zeist", "16-09-1943");
}

#[test]
fn the_word_may_stand_behind_the_date_above_it_or_far_before_it() {
    for (text, value) in [
        ("Cliënte is op 12 augustus 1967 geboren in Heerenveen.", "12 augustus 1967"),
        ("geboren te Bergen op Zoom op 19 juni '57, houder van", "19 juni '57"),
        ("geboren te Emmeloord op de 9e van december 1997", "de 9e van december 1997"),
        ("Geboortedatum\n12.3.1987\n", "12.3.1987"),
        ("{\"birthDate\": \"1987-03-12\"}", "1987-03-12"),
        ("She was born on March 3rd, 1990 in Leeds", "March 3rd, 1990"),
        ("DOB: 03/12/1987", "03/12/1987"),
        ("mw De Wit belt, gb 23-7-1939, bsn 052138963", "23-7-1939"),
        ("Patiënt: Menno van Rooij (13/11/1987), BSN 782955708", "13/11/1987"),
        ("Client: B. Zandstra / 06/10/1959 / 607613749", "06/10/1959"),
        ("Betrokkene: WAL, HATICE VAN DER (23/08/1952)", "23/08/1952"),
        ("De heer Jansen, geboren in 1987, woont alleen.", "1987"),
        ("<tr><th>Naam</th><th>Geboortedatum</th></tr>\n<tr><td>J. Bos</td><td>13/04/1981</td></tr>", "13/04/1981"),
        ("Client: B Zandstra / 06/10/1959 / 607613749", "06/10/1959"),
        ("geb. 12-3, verder onbekend", "12-3"),
        ("geboren 08-02-'38.", "08-02-'38"),
    ] {
        finds("date-of-birth", text, value);
    }
}

#[test]
fn other_dates_are_none() {
    for text in [
        "Datum: 17 februari 2024",
        "Geboren in Zeist. De vergadering van alle medewerkers van de afdeling is op 17-02-2024",
        "geboren 99-99-1980",
        "geboren 12-03-2199",
        "geboren 12-03-1802",
        "geboren in 2019 zijn er 300 kinderen",
        "Besluit van 12-03-2020 over de heer Jansen",
        "Factuurdatum 12-03-2024, vervaldatum 11-04-2024",
        "Wet van 3 juli 1989 (Stb. 288) en de Wet geboren 1-1-1",
    ] {
        misses("date-of-birth", text);
    }
}
