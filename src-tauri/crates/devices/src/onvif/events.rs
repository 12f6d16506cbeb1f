//! Events by pull point (ONVIF Core §9.2): a subscription at the device, asked again and again, renewed while it lasts.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::future::BoxFuture;
use model::{DeviceEvent, Fault};

use super::clock;
use super::element::Element;
use super::line::{Line, Manner};
use super::notices::{Channels, Notices};
use super::soap::{Request, Service};
use crate::device::{Events, Listening, Reply};

/// The device holds an empty answer back for so long; less than it takes any device to answer at all.
const PATIENCE: &str = "PT5S";
/// Notifications of one answer.
const MOST: usize = 100;
/// For how long a subscription is asked for; one that is forgotten ends by itself.
const TERM: &str = "PT60S";
const TERM_IS: Duration = Duration::from_secs(60);
/// The shortest term that is renewed in time; a device that gives less is taken to mean this.
const SHORTEST: Duration = Duration::from_secs(10);
/// The longest text that a subscription may want to see again.
const LONGEST_AGAIN: usize = 8 * 1024;

const CREATE: &str =
    "http://www.onvif.org/ver10/events/wsdl/EventPortType/CreatePullPointSubscriptionRequest";
const PULL: &str = "http://www.onvif.org/ver10/events/wsdl/PullPointSubscription/PullMessagesRequest";
const RENEW: &str = "http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager/RenewRequest";
const UNSUBSCRIBE: &str = "http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager/UnsubscribeRequest";

/// The event service.
pub(super) struct PullPoints {
    pub(super) line: Arc<Line>,
    pub(super) channels: Channels,
}

impl Events for PullPoints {
    fn listen(&self) -> Reply<'_, Box<dyn Listening>> {
        Box::pin(async move {
            let subscription = Subscription::create(&self.line).await?;
            let listening: Box<dyn Listening> = Box::new(Pulling {
                line: Arc::clone(&self.line),
                subscription: Some(subscription),
                notices: Notices::new(self.channels.clone()),
                renews: true,
            });
            Ok(listening)
        })
    }
}

/// Where a subscription is asked.
#[derive(Clone, Debug)]
struct Subscription {
    /// At the enrolled device.
    target: String,
    /// As the device writes it, for the headers.
    told: String,
    /// What it wants to see again in each question.
    again: String,
    renew_at: Instant,
}

impl Subscription {
    async fn create(line: &Line) -> Result<Self, Fault> {
        let to = line.client().origin().url(&line.target(Service::Events).ok_or(Fault::NotOffered)?);
        let request = Request::new(Service::Events, "CreatePullPointSubscription")
            .with(&format!("<P:InitialTerminationTime>{TERM}</P:InitialTerminationTime>"))
            .addressed(CREATE, &to, "");
        let answer = line.ask(&request).await?;
        let place = read_place(&answer)?;
        let target = line.client().origin().target(&place.told).ok_or_else(no_place)?;
        Ok(Self {
            target,
            told: place.told,
            again: place.again,
            renew_at: Instant::now() + term(&answer) / 2,
        })
    }

    fn request(&self, operation: &'static str, action: &'static str, inside: &str) -> Request {
        Request::new(Service::Events, operation).with(inside).addressed(action, &self.told, &self.again)
    }

    async fn pull(&self, line: &Line) -> Result<Element, Fault> {
        let inside = format!("<P:Timeout>{PATIENCE}</P:Timeout><P:MessageLimit>{MOST}</P:MessageLimit>");
        line.ask_at(&self.target, &self.request("PullMessages", PULL, &inside), Manner::default()).await
    }

    async fn renew(&mut self, line: &Line) -> Result<(), Fault> {
        let inside = format!("<wsnt:TerminationTime>{TERM}</wsnt:TerminationTime>");
        let answer =
            line.ask_at(&self.target, &self.request("Renew", RENEW, &inside), Manner::default()).await?;
        self.renew_at = Instant::now() + term(&answer) / 2;
        Ok(())
    }

    async fn end(self, line: Arc<Line>) {
        let request = self.request("Unsubscribe", UNSUBSCRIBE, "");
        if let Err(why) = line.ask_at(&self.target, &request, Manner { fresh: true }).await {
            log::debug!("a subscription is left to end by itself: {why}");
        }
    }
}

/// What an answer says of the place of its subscription.
#[derive(Debug, PartialEq)]
pub(super) struct Place {
    told: String,
    again: String,
}

fn no_place() -> Fault {
    Fault::Protocol("a subscription without an address".to_owned())
}

/// Reads where a subscription is to be asked.
pub(super) fn read_place(answer: &Element) -> Result<Place, Fault> {
    let reference = answer.child("SubscriptionReference").ok_or_else(no_place)?;
    let told = reference.text_at(&["Address"]).to_owned();
    let parameters = reference.child("ReferenceParameters").map(Element::inside).unwrap_or_default();
    let again: String = parameters.iter().map(Element::written).collect();
    if told.is_empty() || again.len() > LONGEST_AGAIN {
        return Err(no_place());
    }
    Ok(Place { told, again })
}

/// How long it lasts; it is renewed half-way. Both moments are the device's, so that its clock does not matter.
fn term(answer: &Element) -> Duration {
    let moment = |name| clock::moment(answer.text_at(&[name]));
    let told = moment("CurrentTime").zip(moment("TerminationTime"));
    told.and_then(|(from, to)| to.duration_since(from).ok()).unwrap_or(TERM_IS).clamp(SHORTEST, TERM_IS)
}

/// A subscription being asked.
struct Pulling {
    line: Arc<Line>,
    subscription: Option<Subscription>,
    notices: Notices,
    renews: bool,
}

impl Pulling {
    /// Renews in time. A device that cannot gets a new subscription before the old one ends; what happens between the two is
    /// told by both, and is one event.
    async fn keep(&mut self) -> Result<(), Fault> {
        let Some(subscription) = self.subscription.as_mut() else { return Err(over()) };
        if Instant::now() < subscription.renew_at {
            return Ok(());
        }
        if self.renews {
            match subscription.renew(&self.line).await {
                Ok(()) => return Ok(()),
                Err(Fault::NotOffered | Fault::DeviceSays(_) | Fault::Refused(_)) => self.renews = false,
                Err(other) => return Err(other),
            }
        }
        let new = Subscription::create(&self.line).await?;
        let old = self.subscription.replace(new);
        if let Some(old) = old {
            old.end(Arc::clone(&self.line)).await;
        }
        Ok(())
    }
}

fn over() -> Fault {
    Fault::Ended("the subscription is over".to_owned())
}

impl Listening for Pulling {
    fn next(&mut self) -> Reply<'_, Vec<DeviceEvent>> {
        Box::pin(async move {
            self.keep().await?;
            let subscription = self.subscription.as_ref().ok_or_else(over)?;
            let answer = subscription.pull(&self.line).await?;
            Ok(self.notices.read(&answer))
        })
    }

    fn close(mut self: Box<Self>) -> BoxFuture<'static, ()> {
        let (line, subscription) = (Arc::clone(&self.line), self.subscription.take());
        Box::pin(async move {
            if let Some(subscription) = subscription {
                subscription.end(line).await;
            }
        })
    }
}

impl Drop for Pulling {
    fn drop(&mut self) {
        // Where nothing runs any more, it ends by itself at its term.
        if let (Some(subscription), Ok(runtime)) =
            (self.subscription.take(), tokio::runtime::Handle::try_current())
        {
            runtime.spawn(subscription.end(Arc::clone(&self.line)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::element::read;
    use super::*;

    #[test]
    fn a_subscription_is_asked_with_what_it_wants_to_see_again() {
        let answer = read(
            b"<R><SubscriptionReference><a:Address> http://10.0.0.9/sub?id=7\n</a:Address><a:ReferenceParameters>\
              <t:Id xmlns:t='urn:t'>7</t:Id></a:ReferenceParameters></SubscriptionReference></R>",
        );
        let place = read_place(&answer.unwrap()).unwrap();
        assert_eq!(place.told, "http://10.0.0.9/sub?id=7");
        assert_eq!(place.again, "<r:Id xmlns:r=\"urn:t\">7</r:Id>");
        assert!(read_place(&Element::default()).is_err());
        let long = format!(
            "<R><SubscriptionReference><Address>x</Address><ReferenceParameters><a>{}</a></ReferenceParameters>\
             </SubscriptionReference></R>",
            "y".repeat(140_000)
        );
        assert!(read_place(&read(long.as_bytes()).unwrap()).is_err());
    }

    #[test]
    fn a_term_is_told_by_the_devices_clock_alone() {
        let lasts = |from: &str, to: &str| {
            let text =
                format!("<R><CurrentTime>{from}</CurrentTime><TerminationTime>{to}</TerminationTime></R>");
            term(&read(text.as_bytes()).unwrap())
        };
        assert_eq!(lasts("1999-01-01T00:00:00Z", "1999-01-01T00:00:40Z"), Duration::from_secs(40));
        assert_eq!(lasts("1999-01-01T00:00:00Z", "1999-01-01T00:00:01Z"), SHORTEST);
        assert_eq!(lasts("1999-01-01T00:00:00Z", "2099-01-01T00:00:01Z"), TERM_IS);
        assert_eq!(lasts("", ""), TERM_IS);
    }
}
