//! What the staff's panel shows.

use caixiang_store::{OrderFilter, StoreError};

use super::local;
use crate::event::Event;
use crate::run::Runner;
use crate::state::PanelData;
use crate::view::PanelTab;

impl Runner {
    pub(super) fn read_panel(&mut self, tab: PanelTab) -> Result<(), StoreError> {
        let session = self.state.session().map(|session| session.id);
        let Some(store) = &self.store else { return Ok(()) };
        let mut data = PanelData {
            last_backup: store.backups()?.first().map(|backup| local(backup.made)),
            ..PanelData::default()
        };
        match tab {
            PanelTab::Overview => {
                let page = store.orders_page(&OrderFilter { session, state: None }, 0, 1)?;
                data.order_count = u32::try_from(page.total).unwrap_or(u32::MAX);
            }
            PanelTab::Camera => {
                data.cameras = self.cameras.choices();
                data.controls = self.cameras.controls();
                data.large_still = self.cameras.large_still();
                data.locked = self.cameras.remembered.locked.is_some();
            }
            // The other pages ask for what they show.
            _ => {}
        }
        self.answers.push_back(Event::PanelRead(Box::new(data)));
        Ok(())
    }
}
