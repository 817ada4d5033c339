//! A service that does not answer is named.

use inquiry::check::gather;
use inquiry::{AsOf, Error, Service, Services};
use tonic::Code;
use tonic::transport::Endpoint;

/// In a task of its own, as servers ask.
#[tokio::test]
async fn a_service_that_does_not_answer_is_named() {
    let nowhere = Endpoint::from_static("http://127.0.0.1:1").connect_lazy();
    let services = Services {
        custody: nowhere.clone(),
        progress: nowhere,
    };
    let asked = tokio::spawn(async move { gather(&services, "S-1", AsOf::default(), true).await });
    let Err(Error::Status { service, status }) = asked.await.unwrap() else {
        panic!("nobody can answer")
    };
    assert_eq!((service, status.code()), (Service::Custody, Code::Unavailable));
}
