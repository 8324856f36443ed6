//! What the staff's panel shows.

use caixiang_domain::OrderId;
use caixiang_store::{OrderFilter, StoreError};

use super::local;
use crate::album::Shelf;
use crate::event::Event;
use crate::run::Runner;
use crate::state::PanelData;
use crate::view::PanelTab;

/// Orders that a list shows.
const ROWS: u32 = 60;

impl Runner {
    pub(super) fn read_panel(
        &mut self,
        tab: PanelTab,
        search: &str,
        open: Option<OrderId>,
    ) -> Result<(), StoreError> {
        let session = self.state.session().map(|session| session.id);
        let Some(store) = &self.store else { return Ok(()) };
        let mut data = PanelData {
            last_backup: store.backups()?.first().map(|backup| local(backup.made)),
            ..PanelData::default()
        };
        let filter = OrderFilter { session, state: None };
        match tab {
            PanelTab::Overview => {
                let page = store.orders_page(&filter, 0, 1)?;
                data.order_count = u32::try_from(page.total).unwrap_or(u32::MAX);
            }
            PanelTab::Camera => {
                data.cameras = self.cameras.choices();
                data.controls = self.cameras.controls();
                data.locked = self.cameras.remembered.locked.is_some();
            }
            PanelTab::Orders => {
                let (rows, total) = if search.trim().is_empty() {
                    let page = store.orders_page(&filter, 0, ROWS)?;
                    (page.rows, page.total)
                } else {
                    let rows = store.search(session, search, ROWS)?;
                    let total = rows.len() as u64;
                    (rows, total)
                };
                data.order_count = u32::try_from(total).unwrap_or(u32::MAX);
                self.shared.album.clear(Shelf::List);
                data.orders = rows
                    .into_iter()
                    .map(|row| {
                        let whole = open == Some(row.order.id);
                        self.item(row.order, row.name.unwrap_or_default(), whole)
                    })
                    .collect();
            }
        }
        self.answers.push_back(Event::PanelRead(Box::new(data)));
        Ok(())
    }
}
