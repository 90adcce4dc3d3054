//! What a known word stands for: one bit per group, shared by the detectors.
//!
//! A detector that needs words of its own takes the next free bit here and lists the words in its own file. A word may stand for several
//! groups: `kvk` names a number of the trade register, and so a number that is no citizen service number.

/// A set of groups.
pub(crate) type Groups = u128;

/// Numbers the groups from 0 on, so that a new one is one line.
macro_rules! groups {
    ($($(#[$meta:meta])* $name:ident,)+) => {
        groups!(@count 0u32, $($(#[$meta])* $name,)+);
    };
    (@count $bit:expr, $(#[$meta:meta])* $name:ident, $($rest:tt)*) => {
        $(#[$meta])* pub(crate) const $name: Groups = 1 << ($bit);
        groups!(@count $bit + 1, $($rest)*);
    };
    (@count $bit:expr,) => { const _: () = assert!($bit < Groups::BITS); };
}

groups! {
    /// Names a citizen service number.
    BSN,
    /// A person is spoken of: citizen, client, Mrs.
    PERSON,
    /// A title or role after which a person's name follows.
    NAME_FOLLOWS,
    /// Names a number of something else: order, parcel, invoice, book.
    OTHER_NUMBER,
    ACCOUNT,
    PHONE,
    CARD,
    ADDRESS,
    /// An address that belongs to an office or is open to the public.
    OFFICE,
    PLATE,
    /// Things whose codes look like plates: article, room, part.
    ITEM,
    DOCUMENT,
    BIRTH,
    CREDENTIAL,
    MARKING,
    HEALTH,
    /// Words of policy and statistics: a topic is spoken of, no person.
    TOPIC,
    RECRUITMENT,
    CODE,
    /// `at` in a spelled-out address.
    SPELLED_AT,
    /// Heads a column or field of names.
    NAME_FIELD,
    /// An office held in public: an alderman's name is no secret.
    OFFICIAL,
    /// A version of software.
    VERSION,
    /// Closes a letter: the writer's name follows.
    CLOSING,
    /// A fact that is only read with a person beside it.
    HEALTH_CODE,
    /// A word of the secret kind before an assignment: password, token.
    SECRET_NAME,
    // Names of other numbers.
    RSIN,
    KVK,
    BTW,
    DRIVING,
    AGB,
    BIG,
    ALIEN,
    CASE,
    BAG,
    KADASTER,
    BIC,
    IP,
    MAC,
    GPS,
    BELGIAN,
    GERMAN,
    FRENCH,
    BRITISH,
    SPANISH,
    ITALIAN,
    POLISH,
    AMERICAN,
    // Situations of a person.
    CRIMINAL,
    ETHNICITY,
    RELIGION,
    UNION,
    POLITICAL,
    SEXUAL,
    YOUTH,
    DEBT,
    VIOLENCE,
    MINOR,
    /// With the group of a situation: a word that says it by itself, rather than hint at it.
    FACT,
    /// A sensitivity label's property.
    LABEL,
    /// Secrecy imposed by the council.
    SECRECY,
    /// A digit in words: nul to negen, zero to nine.
    DIGIT_WORD,
    /// An organisation is spoken of: foundation, private company.
    ORGANISATION,
    /// Machine-readable lines of a passport or card.
    MRZ,
    /// Names a service that hands out keys without a form of their own.
    SERVICE,
    /// Announces a secret with a structure of its own: a key block, a web token, a webhook.
    STRUCTURE,
    /// Announces a login in a file or a command: `machine`, `curl`, `Authorization`.
    LOGIN,
    /// Says that something near it is written in rot13.
    ROT13,
    /// Says that something near it is written from back to front.
    REVERSED,
}
