//! Whether a process can serve, said alike over gRPC and over HTTP.

use tokio::sync::watch;
use tonic_health::ServingStatus;
use tonic_health::pb::health_server::{Health as HealthRpc, HealthServer};
use tonic_health::server::{HealthReporter, HealthService};

/// The health of a process. Cheap to clone; all clones speak of the same process.
#[derive(Clone, Debug)]
pub struct Health {
    reporter: HealthReporter,
    services: &'static [&'static str],
    serving: watch::Sender<bool>,
}

impl Health {
    /// Of a process that does not serve yet. `services` are full gRPC names, such as `veta.custody.v1.Custody`.
    pub async fn starting(services: &'static [&'static str]) -> Self {
        let health = Self {
            reporter: HealthReporter::new(),
            services,
            serving: watch::Sender::new(false),
        };
        health.say(ServingStatus::NotServing).await;
        health
    }

    /// It has caught up and serves.
    pub async fn serving(&self) {
        self.say(ServingStatus::Serving).await;
    }

    /// It is going to stop, or cannot answer rightly for a while: send requests elsewhere.
    pub async fn not_serving(&self) {
        self.say(ServingStatus::NotServing).await;
    }

    /// Says of one part of it, named like a service, whether that works, whatever is said of the whole.
    pub async fn part(&self, name: &'static str, works: bool) {
        let status = if works {
            ServingStatus::Serving
        } else {
            ServingStatus::NotServing
        };
        self.reporter.set_service_status(name, status).await;
    }

    /// Waits until it serves.
    pub async fn until_serving(&self) {
        let mut serving = self.serving.subscribe();
        serving
            .wait_for(|serving| *serving)
            .await
            .expect("we hold a sender ourselves");
    }

    /// What was said last.
    #[must_use]
    pub fn is_serving(&self) -> bool {
        *self.serving.borrow()
    }

    /// The gRPC service `grpc.health.v1.Health` that says it.
    #[must_use]
    pub fn service(&self) -> HealthServer<impl HealthRpc> {
        HealthServer::new(HealthService::from_health_reporter(self.reporter.clone()))
    }

    /// The empty name stands for the process as a whole.
    async fn say(&self, status: ServingStatus) {
        self.serving.send_replace(status == ServingStatus::Serving);
        for service in self.services.iter().chain(&[""]) {
            self.reporter.set_service_status(*service, status).await;
        }
    }
}
