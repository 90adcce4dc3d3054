//! Names in sentences, forms, mails and tables; things, offices and authors that are none.

use crate::detect::testing::{finds, misses};

#[test]
fn names_are_found_by_the_signs_around_them() {
    for (text, value) in [
        ("Geachte mevrouw De Wit,", "De Wit"),
        ("Aan de heer V.P. de Lange", "V.P. de Lange"),
        ("Aanvrager: Meike van den Berg", "Meike van den Berg"),
        ("Aanwezig: moeder (Robin Yilmaz)", "Robin Yilmaz"),
        ("Contactpersoon vluchtelingenwerk: Nisa Demir, 06", "Nisa Demir"),
        ("besproken met N.F. Kersten in mei", "N.F. Kersten"),
        ("Dex Boonstra (geboren 06-04-2010)", "Dex Boonstra"),
        ("Met vriendelijke groet,\n\nDaniël Verhoeven\nConsulent", "Daniël Verhoeven"),
        ("naam;bsn;plaats\nMeer, S. van der;1;x", "Meer, S. van der"),
        ("| melding | plek | melder |\n|---|---|---|\n| wrak | plein | K. Bos |", "K. Bos"),
    ] {
        finds("person-name", text, value);
    }
}

#[test]
fn streets_officials_and_headings_are_none() {
    for text in [
        "Wethouder De Haan opende het zwembad.",
        "de Willem Dreesweg, tussen de Anne Frankstraat en het Marktplein",
        "A. Inleiding\nB. Vervolg",
        "zaal Van Gogh",
        "Aanvrager: zie bijlage",
    ] {
        misses("person-name", text);
    }
}

#[test]
fn names_are_found_in_running_sentences_without_a_sign() {
    for (text, value) in [
        ("Fatima El Idrissi belde vanmorgen over haar aanvraag.", "Fatima El Idrissi"),
        ("Dat klopt volgens Piet Hendriks niet.", "Piet Hendriks"),
        ("De brief van P. Jansen is zoek.", "P. Jansen"),
        ("Morgen komt Jan-Willem van 't Hof langs.", "Jan-Willem van 't Hof"),
        ("Stuur het naar Özlem Yılmaz en Łukasz Kowalczyk.", "Łukasz Kowalczyk"),
        ("In het gesprek met Tesfay Gebremedhin kwam dat niet aan de orde.", "Tesfay Gebremedhin"),
        ("Ik sprak Shanti Ramdin gisteren.", "Shanti Ramdin"),
        ("Naar aanleiding van de mail van Mark de Boer", "Mark de Boer"),
        ("We spraken met Xandrino van der Linden over de huur", "Xandrino van der Linden"),
    ] {
        finds("person-name", text, value);
    }
}

#[test]
fn names_are_found_in_the_layouts_of_mails_forms_and_lists() {
    for (text, value) in [
        ("Van: Joost Mulder <joost@voorbeeld.nl>\nAan: x", "Joost Mulder"),
        ("From: \"Vries, Lucas de\" <l@voorbeeld.nl>", "Vries, Lucas de"),
        ("> Sanne de Boer schreef:\n> hoi", "Sanne de Boer"),
        ("[10:31] Sanne de Boer: kun je bellen?", "Sanne de Boer"),
        ("DE VRIES, HENDRIK\nDossier 12", "DE VRIES, HENDRIK"),
        ("Betrokkene: WAL, HATICE VAN DER (zie bijlage)", "WAL, HATICE VAN DER"),
        ("achternaam;tussenvoegsel;voornaam\nGroot;de;Piet", "Groot"),
        ("{\"lastName\": \"Kowalczyk\", \"x\": 1}", "Kowalczyk"),
        ("<tr><td>Anouk Visser</td><td>12</td></tr>", "Anouk Visser"),
        ("Naam\nNataliia Evers\nNieuw adres", "Nataliia Evers"),
        ("Achternaam ............ Nauta", "Nauta"),
        ("cliënt: clyde vlasblom, geb.", "clyde vlasblom"),
        ("Met vriendelijke groet,\nnamens het college,\n\nL.M. van 't Hof\nbehandelaar", "L.M. van 't Hof"),
        ("gr. Kateryna Müller", "Kateryna Müller"),
        ("De heer/mevrouw\nR. Moradi\nKerkstraat", "R. Moradi"),
        ("Het gezin Bruijn woont daar", "Bruijn"),
        ("de familie 't Hart", "'t Hart"),
        ("zoon van Maarten van der Wal heeft", "Maarten van der Wal"),
        ("in de zaak van Kowalczyk is beslist", "Kowalczyk"),
        ("mevr. J.M. Pattiwael-de Graaf", "J.M. Pattiwael-de Graaf"),
        ("Ik sprak Anja Bakker-van den Berg gisteren", "Anja Bakker-van den Berg"),
        ("Aanwezig: Jansen, De Vries en Kowalczyk", "De Vries"),
        ("het dossier Hendriks is compleet", "Hendriks"),
        ("klant: mark de wilgenaar, geb.", "mark de wilgenaar"),
        ("geboren 1956-05-25, en Warmenhoven, Carla, geboren 16-8-1974", "Warmenhoven, Carla"),
        ("M.   Diallo   Zwaluwlaan 42", "M.   Diallo"),
    ] {
        finds("person-name", text, value);
    }
}

#[test]
fn things_that_bear_a_name_are_none() {
    for text in [
        "de Erasmusbrug en de Anne Frankstraat",
        "Wij vergaderen in zaal Van Gogh en daarna in de Willem Dreeszaal.",
        "De Wet Dijkstal en de commissie-De Grave",
        "Boodschappen bij Albert Heijn of Jan Linders, brood van bakkerij Bart",
        "stichting Jan van der Togt kocht de Van Nelle Fabriek",
        "de Willem Alexander Kazerne en de Johan Cruijff ArenA",
        "een offerte van Jansen B.V., garage De Wit en Bos Makelaardij",
        "het Nelson Mandelapad en de Anna Maria van Schurmanzaal",
        "Johanna's Bakkerij en Willem's Wielershop",
        "in Den Haag, Bergen op Zoom en Zeist, in mei en juni",
        "de Theo Thijssenprijs en de P.C. Hooft-prijs",
        "De gemeente Zeist en de Raad van State. Kamer van Koophandel.",
        "A. Inleiding\nB. Vervolg",
    ] {
        misses("person-name", text);
    }
}

#[test]
fn people_in_public_office_and_authors_are_none() {
    for text in [
        "Wethouder Jansen en burgemeester Van Zanen openden het zwembad.",
        "wethouders Jansen en De Vries",
        "Wethouder mevrouw De Wit antwoordt.",
        "De heer Jansen (VVD) vraagt het woord.",
        "Jan Hendriks, wethouder Financiën, sluit af.",
        "Griffier: mr. P. Oosterling",
        "Nationale Ombudsman Reinier van Zutphen",
        "(De Vries, 2019)",
        "zie J. de Vries e.a., Handboek",
        "H. Timmermans, Wonen in de delta, ISBN 978-90-7058-066-8",
    ] {
        misses("person-name", text);
    }
}

#[test]
fn a_given_name_alone_needs_a_sign() {
    misses("person-name", "Roos en Mark bloeien in mei.");
    misses("person-name", "Morgen belt Anouk.");
    finds("person-name", "mevrouw Anouk", "Anouk");
}

#[test]
fn hostile_repetition_is_read_in_linear_time() {
    let plan = crate::detect::Plan::new(&[]).unwrap();
    let started = std::time::Instant::now();
    for piece in [
        "Jan ",
        "Jan, ",
        "de ",
        "Jan van ",
        "J. ",
        "J.P.",
        "Aanwezig: Jan, ",
        "Jan-",
        "Jan-de ",
        "De ",
        "Bos, Jan ",
        "naam: ",
        "zaak van ",
        "Naam\n",
        "wethouder Jan ",
        "é",
        "Jan\u{2019}",
        "<td>1-1-1980",
        "<tr><td>1-1-1980</td></tr>\n",
        "geboren 1-1-1980 (",
        "1 Kerkstraat, ",
        "Kerkstraat 1, ",
        "straat\": \"",
        "1234 AB ",
        "Jan (1-1-1980) ",
        "06-1 ",
        "mevrouw de ",
    ] {
        plan.scan(&format!("geboren bsn naam\n{}", piece.repeat((64 << 10) / piece.len())), "");
    }
    // Quadratic work on any of these takes minutes; a busy machine and a debug build stay far below this.
    assert!(started.elapsed() < std::time::Duration::from_secs(60), "{:?}", started.elapsed());
}
