//! A member of staff with a browser.

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::centre::PASSWORD;

pub(crate) struct Staff {
    pub(crate) url: String,
    pub(crate) cookie: String,
    client: Client,
}

pub(crate) struct MadeKiosk {
    pub(crate) id: Uuid,
    pub(crate) point: u64,
    pub(crate) code: String,
}

pub(crate) async fn try_sign_in(url: &str, name: &str, password: &str) -> reqwest::Response {
    let body = json!({ "name": name, "password": password });
    Client::new().post(format!("{url}/v1/staff/sign-in")).json(&body).send().await.unwrap()
}

impl Staff {
    pub(crate) async fn sign_in(url: &str, name: &str) -> Self {
        let answer = try_sign_in(url, name, PASSWORD).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        for part in ["HttpOnly", "SameSite=Strict", "Secure"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        let cookie = cookie.split(';').next().unwrap().to_owned();
        Self { url: url.to_owned(), cookie, client: Client::new() }
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<Value>) -> reqwest::Response {
        let mut request = self.client.request(method, format!("{}{path}", self.url));
        request = request.header("cookie", &self.cookie);
        if let Some(body) = body {
            request = request.json(&body);
        }
        request.send().await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let answer = self.send(Method::GET, path, None).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.json().await.unwrap()
    }

    pub(crate) async fn make_kiosk(&self, name: &str) -> MadeKiosk {
        let answer = self.send(Method::POST, "/v1/staff/kiosks", Some(json!({ "name": name }))).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let made: Value = answer.json().await.unwrap();
        MadeKiosk {
            id: serde_json::from_value(made["kiosk"].clone()).unwrap(),
            point: made["point"].as_u64().unwrap(),
            code: made["code"].as_str().unwrap().to_owned(),
        }
    }

    /// The decision's id; `None` where the order was left.
    pub(crate) async fn decide(&self, order: Uuid, photo: Uuid, verdict: &str) -> Option<Uuid> {
        let reason = (verdict == "reject").then_some("闭眼 eyes closed");
        let body =
            json!({ "of": [{ "order": order, "photo": photo }], "verdict": verdict, "reason": reason });
        let answer = self.send(Method::POST, "/v1/staff/decisions", Some(body)).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let decided: Value = answer.json().await.unwrap();
        assert_eq!(decided["made"].as_array().unwrap().len() + decided["left"].as_array().unwrap().len(), 1);
        serde_json::from_value(decided["made"][0]["decision"].clone()).ok()
    }

    pub(crate) async fn undo(&self, decision: Uuid) -> StatusCode {
        self.send(Method::POST, &format!("/v1/staff/decisions/{decision}/undo"), None).await.status()
    }
}
