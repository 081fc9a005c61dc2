//! Functions of text. Places count characters, not bytes.

use super::{part, text, wrong};
use crate::cel::budget::Budget;
use crate::cel::failure::Failure;
use crate::cel::value::{Outcome, Val};

type Both<'v> = (&'v str, &'v str);

fn both<'v>(args: &'v [Val<'_>], budget: &mut Budget) -> Result<Option<Both<'v>>, Failure> {
    let Some((one, two)) = args.first().and_then(text).zip(args.get(1).and_then(text)) else {
        return Ok(None);
    };
    budget.charge_text(one.len())?;
    Ok(Some((one, two)))
}

/// `contains`
pub fn contains<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let Some((one, two)) = both(args, budget)? else { return wrong("contains", args) };
    Ok(Val::Bool(one.contains(two)))
}

/// `startsWith`
pub fn starts_with<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let Some((one, two)) = both(args, budget)? else { return wrong("startsWith", args) };
    Ok(Val::Bool(one.starts_with(two)))
}

/// `endsWith`
pub fn ends_with<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let Some((one, two)) = both(args, budget)? else { return wrong("endsWith", args) };
    Ok(Val::Bool(one.ends_with(two)))
}

/// Where the character of this number starts; the end counts as one.
fn offset(text: &str, place: i64) -> Result<usize, Failure> {
    let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let found = usize::try_from(place).ok().and_then(|place| starts.into_iter().nth(place));
    found.ok_or_else(|| Failure::new(format!("index {place} is out of the text")))
}

/// `charAt`
pub fn char_at<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let [whole, Val::Int(place)] = args else { return wrong("charAt", args) };
    let Some(it) = text(whole) else { return wrong("charAt", args) };
    budget.charge_text(it.len())?;
    let at = offset(it, *place)?;
    let length = it[at..].chars().next().map_or(0, char::len_utf8);
    Ok(part(whole, &it[at..at + length], at))
}

/// `indexOf` and `lastIndexOf` of text.
pub(super) fn find<'a>(args: &[Val<'a>], last: bool, budget: &mut Budget) -> Outcome<'a> {
    let name = if last { "lastIndexOf" } else { "indexOf" };
    let Some((it, sought)) = both(args, budget)? else { return wrong(name, args) };
    let characters: Vec<char> = it.chars().collect();
    let sought: Vec<char> = sought.chars().collect();
    let start = match args.get(2) {
        None if last && sought.is_empty() => return Ok(Val::Int(characters.len() as i64)),
        None if last => characters.len() as i64 - 1,
        None => 0,
        Some(Val::Int(start)) => *start,
        Some(_) => return wrong(name, args),
    };
    if sought.is_empty() {
        return Ok(Val::Int(start));
    }
    if args.len() == 2 && characters.len() < sought.len() {
        return Ok(Val::Int(-1));
    }
    let start =
        usize::try_from(start).map_err(|_| Failure::new(format!("index {start} is out of the text")))?;
    if start >= characters.len() || sought.len() > characters.len() {
        return Ok(Val::Int(-1));
    }
    budget.charge(1 + characters.len() * sought.len() / 100)?;
    let fits = |at: &usize| characters[*at..].starts_with(&sought);
    let end = characters.len() - sought.len();
    let found =
        if last { (0..=start.min(end)).rev().find(fits) } else { (start..=end.max(start)).find(fits) };
    Ok(Val::Int(found.map_or(-1, |at| at as i64)))
}

/// `lowerAscii`
pub fn lower_ascii<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let Some(it) = args.first().and_then(text) else { return wrong("lowerAscii", args) };
    budget.charge_text(it.len())?;
    Ok(Val::text(it.to_ascii_lowercase()))
}

/// `upperAscii`
pub fn upper_ascii<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let Some(it) = args.first().and_then(text) else { return wrong("upperAscii", args) };
    budget.charge_text(it.len())?;
    Ok(Val::text(it.to_ascii_uppercase()))
}

/// `replace`: all, or the first so many; a negative number is all.
pub fn replace<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let Some((it, old)) = both(args, budget)? else { return wrong("replace", args) };
    let Some(new) = args.get(2).and_then(text) else { return wrong("replace", args) };
    let most = match args.get(3) {
        None => usize::MAX,
        Some(Val::Int(most)) => usize::try_from(*most).unwrap_or(usize::MAX),
        Some(_) => return wrong("replace", args),
    };
    let count = it.matches(old).count().min(most);
    // What comes out may be far larger than what went in: it is paid for before it is made.
    budget.charge_text(it.len().saturating_add(count.saturating_mul(new.len())))?;
    Ok(Val::text(it.replacen(old, new, count)))
}

/// `split`: at every separator, or into so many parts; a negative number is all.
pub fn split<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let Some((it, separator)) = both(args, budget)? else { return wrong("split", args) };
    let most = match args.get(2) {
        None => usize::MAX,
        Some(Val::Int(most)) => usize::try_from(*most).unwrap_or(usize::MAX),
        Some(_) => return wrong("split", args),
    };
    budget.charge(1 + it.len())?;
    if most == 0 {
        return Ok(Val::list(Vec::new()));
    }
    let pieces: Vec<&str> = if separator.is_empty() {
        let mut pieces: Vec<&str> = it.char_indices().map(|(at, c)| &it[at..at + c.len_utf8()]).collect();
        if pieces.len() > most {
            let rest: usize = pieces[..most - 1].iter().map(|piece| piece.len()).sum();
            pieces.truncate(most - 1);
            pieces.push(&it[rest..]);
        }
        pieces
    } else {
        it.splitn(most, separator).collect()
    };
    let start = it.as_ptr() as usize;
    let piece = |piece: &str| part(&args[0], piece, piece.as_ptr() as usize - start);
    Ok(Val::list(pieces.into_iter().map(piece).collect()))
}

/// `join`
pub fn join<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let Some(Val::List(items)) = args.first() else { return wrong("join", args) };
    let separator = match args.get(1) {
        None => "",
        Some(it) => match text(it) {
            Some(it) => it,
            None => return wrong("join", args),
        },
    };
    let mut joined = String::new();
    for (number, item) in items.iter().enumerate() {
        let Some(item) = text(item) else { return wrong("join", args) };
        budget.charge_text(item.len() + separator.len())?;
        joined.push_str(if number == 0 { "" } else { separator });
        joined.push_str(item);
    }
    Ok(Val::text(joined))
}

/// `substring`: from a place, up to another or the end.
pub fn substring<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let (Some(it), Some(Val::Int(start))) = (args.first().and_then(text), args.get(1)) else {
        return wrong("substring", args);
    };
    budget.charge_text(it.len())?;
    let from = offset(it, *start)?;
    let to = match args.get(2) {
        None => it.len(),
        Some(Val::Int(end)) if end < start => {
            return Err(Failure::new(format!("substring({start}, {end}) ends before it starts")));
        }
        Some(Val::Int(end)) => offset(it, *end)?,
        Some(_) => return wrong("substring", args),
    };
    Ok(part(&args[0], &it[from..to], from))
}

/// `trim`
pub fn trim<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let Some(it) = args.first().and_then(text) else { return wrong("trim", args) };
    budget.charge_text(it.len())?;
    let trimmed = it.trim();
    Ok(part(&args[0], trimmed, trimmed.as_ptr() as usize - it.as_ptr() as usize))
}

/// `strings.quote`
pub fn quote<'a>(args: &[Val<'a>], budget: &mut Budget) -> Outcome<'a> {
    let Some(it) = args.first().and_then(text) else { return wrong("strings.quote", args) };
    budget.charge_text(it.len() * 2)?;
    Ok(Val::text(quoted(it)))
}

fn quoted(it: &str) -> String {
    let mut out = String::from("\"");
    for c in it.chars() {
        match c {
            '\x07' => out.push_str("\\a"),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\x0b' => out.push_str("\\v"),
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            c => out.push(c),
        }
    }
    out + "\""
}
