//! A value of the store.

use std::path::Path;

use super::Order;
use super::words::Words;
use crate::cli::config::Config;
use crate::cli::exit::Exit;
use crate::cli::secrets::sops_args::{Recipients, StoreFile};
use crate::cli::secrets::store::OnDisk;
use crate::error::Error;
use crate::nearest::hint;
use crate::secrets::replace::Standing;

pub(super) fn run(config: &Config, order: &Order<'_>, path: &Path) -> Result<Exit, Error> {
    let file = StoreFile { file: path.to_owned(), ..order.wanted.store.clone() };
    let disk = OnDisk::read(config, &file)?;
    disk.there()?;
    let terms = disk.terms(&Recipients::default())?;
    let mut store = disk.open()?;
    let Some(entry) = store.secrets.get(order.name) else {
        let names = store.secrets.keys().map(String::as_str);
        let help = hint(order.name, names, "hardtack secrets list shows what there is");
        return Err(Error::usage(format!("{} is not in {}", order.name, disk.name()), help));
    };
    let annotation = |name: &str| Some(entry.annotations.get(name)?.as_str().into());
    let standing = Standing { keys: entry.values.keys().cloned().collect(), annotation: &annotation };
    let change = order.change(&standing, entry.values.get(order.key))?;
    let words = Words::of(order, &change);
    let dropped = change.dropped.iter().map(|key| ("drop", key));
    let set = change.set.iter().map(|(key, _)| ("rotate", key));
    let actions: Vec<(&str, String)> =
        dropped.chain(set).map(|(what, key)| (what, format!("{}/{key}", order.name))).collect();
    if !actions.is_empty() {
        for (what, place) in &actions {
            disk.log(what, place)?;
        }
        store.replace(order.name, change, disk.time);
        disk.write(&store, &terms)?;
    }
    words.say(config);
    Ok(Exit::Written)
}
