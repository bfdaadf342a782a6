//! The profiles that come with certgate: the files of `targets/`.

use std::sync::LazyLock;

use super::profile::Profile;
use crate::text;

/// The files, each after those that it builds on.
macro_rules! files {
    ($($name:literal)*) => { &[$(include_str!(concat!("../../targets/", $name, ".toml"))),*] };
}

const FILES: &[&str] = files!(
    "openssl-library" "clients" "openssl" "nginx" "haproxy" "haproxy-split" "apache" "stunnel" "python" "lighttpd" "node"
    "envoy" "go" "caddy" "rustls" "rustls-ring" "java" "kubernetes" "apisix" "kong" "huawei-apig" "huawei-elb" "huawei-scm"
    "aliyun-cas" "aws-acm" "azure-keyvault" "gcp"
);

/// The profiles that come with certgate. Some are not targets by themselves ([`Profile::is_library`]): others build on them.
///
/// ```
/// let names: Vec<_> = certgate::targets::built_in().iter().map(|profile| profile.name()).collect();
/// assert!(names.contains(&"haproxy"));
/// ```
pub fn built_in() -> &'static [Profile] {
    // A file that is not a profile is left out here, and fails a test.
    static PROFILES: LazyLock<Vec<Profile>> = LazyLock::new(|| {
        let mut profiles = Vec::new();
        for text in FILES {
            if let Ok(profile) = Profile::from_toml(text, &profiles) {
                profiles.push(profile);
            }
        }
        profiles
    });
    &PROFILES
}

/// The profile with that name, of those that come with certgate.
///
/// ```
/// assert!(certgate::targets::find("nginx").is_some());
/// assert!(certgate::targets::find("ngnix").is_none());
/// ```
pub fn find(name: &str) -> Option<&'static Profile> {
    built_in().iter().find(|profile| profile.name() == name && !profile.is_library())
}

/// The name that is most like `name`; `None` where none is near.
///
/// ```
/// assert_eq!(certgate::targets::nearest("ngnix"), Some("nginx"));
/// assert_eq!(certgate::targets::nearest("something else"), None);
/// ```
pub fn nearest(name: &str) -> Option<&'static str> {
    const LONGEST: usize = 64;
    let short: String = name.to_lowercase().chars().take(LONGEST).collect();
    let allowed = short.len().div_ceil(3);
    built_in()
        .iter()
        .filter(|profile| !profile.is_library())
        .map(|profile| (text::distance(&short, profile.name()), profile.name()))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_file_is_a_profile() {
        let mut profiles = Vec::new();
        for text in FILES {
            profiles.push(Profile::from_toml(text, &profiles).unwrap());
        }
        assert_eq!(profiles.len(), built_in().len());
    }
}
