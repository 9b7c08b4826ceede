//! The routes of an engine.

use std::ops::{Index, IndexMut};

use super::route_id::RouteId;
use super::route_state::RouteState;
use crate::route::Route;

/// The routes of an engine. There are a few of them, and none is ever removed.
#[derive(Debug, Default)]
pub(super) struct Routes(Vec<RouteState>);

impl Routes {
    /// The route's name, if events took it before.
    pub(super) fn find(&self, route: Route) -> Option<RouteId> {
        self.0.iter().position(|state| state.route == route).map(RouteId)
    }

    pub(super) fn add(&mut self, state: RouteState) -> RouteId {
        self.0.push(state);
        RouteId(self.0.len() - 1)
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = RouteId> + use<> {
        (0..self.0.len()).map(RouteId)
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, RouteState> {
        self.0.iter()
    }

    pub(super) fn iter_mut(&mut self) -> std::slice::IterMut<'_, RouteState> {
        self.0.iter_mut()
    }

    /// Leaves the memory of all routes as it is: of a forked child's copy, whose names nobody has.
    pub(super) fn forget(&mut self) {
        self.0.drain(..).for_each(std::mem::forget);
    }
}

impl Index<RouteId> for Routes {
    type Output = RouteState;

    fn index(&self, id: RouteId) -> &RouteState {
        let Some(state) = self.0.get(id.0) else { unreachable!("no route is removed") };
        state
    }
}

impl IndexMut<RouteId> for Routes {
    fn index_mut(&mut self, id: RouteId) -> &mut RouteState {
        let Some(state) = self.0.get_mut(id.0) else { unreachable!("no route is removed") };
        state
    }
}
