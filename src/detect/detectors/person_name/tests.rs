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
