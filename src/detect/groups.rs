//! What a known word stands for: one bit per group, shared by the detectors.
//!
//! A detector that needs words of its own takes the next free bit here and lists the words in its own file.

/// Names a citizen service number.
pub(crate) const BSN: u64 = 1 << 0;
/// A person is spoken of: citizen, client, Mrs.
pub(crate) const PERSON: u64 = 1 << 1;
/// A title or role after which a person's name follows.
pub(crate) const NAME_FOLLOWS: u64 = 1 << 2;
/// Names a number of something else: order, parcel, invoice, book.
pub(crate) const OTHER_NUMBER: u64 = 1 << 3;
pub(crate) const ACCOUNT: u64 = 1 << 4;
pub(crate) const PHONE: u64 = 1 << 5;
pub(crate) const CARD: u64 = 1 << 6;
pub(crate) const ADDRESS: u64 = 1 << 7;
/// An address that belongs to an office or is open to the public.
pub(crate) const OFFICE: u64 = 1 << 8;
pub(crate) const PLATE: u64 = 1 << 9;
/// Things whose codes look like plates: article, room, part.
pub(crate) const ITEM: u64 = 1 << 10;
pub(crate) const DOCUMENT: u64 = 1 << 11;
pub(crate) const BIRTH: u64 = 1 << 12;
pub(crate) const CREDENTIAL: u64 = 1 << 13;
pub(crate) const MARKING: u64 = 1 << 14;
pub(crate) const HEALTH: u64 = 1 << 15;
/// Words of policy and statistics: a topic is spoken of, no person.
pub(crate) const TOPIC: u64 = 1 << 16;
pub(crate) const RECRUITMENT: u64 = 1 << 17;
pub(crate) const CODE: u64 = 1 << 18;
/// `at` in a spelled-out address.
pub(crate) const SPELLED_AT: u64 = 1 << 19;
/// Heads a column or field of names.
pub(crate) const NAME_FIELD: u64 = 1 << 20;
/// An office held in public: an alderman's name is no secret.
pub(crate) const OFFICIAL: u64 = 1 << 21;
/// A version of software.
pub(crate) const VERSION: u64 = 1 << 22;
/// Closes a letter: the writer's name follows.
pub(crate) const CLOSING: u64 = 1 << 23;
/// A fact that is only read with a person beside it.
pub(crate) const HEALTH_CODE: u64 = 1 << 24;
/// A word of the secret kind before an assignment: password, token.
pub(crate) const SECRET_NAME: u64 = 1 << 25;
