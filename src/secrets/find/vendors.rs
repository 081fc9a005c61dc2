//! The tokens of known vendors: how each begins and what follows.

use crate::letters::{ALNUM, BASE32, BASE64, DASHED, DOTTED, HEX, Letters, SLASHED, UPPER, WORD};

/// One form of token.
#[derive(Debug)]
pub struct Vendor {
    /// What people call it, with its article.
    pub what: &'static str,
    /// Every one begins with one of these.
    pub starts: &'static [&'static str],
    /// What may follow.
    pub letters: Letters,
    /// The fewest of those.
    pub min: usize,
    /// The most of those; one more and it is something else.
    pub max: usize,
}

const fn of(
    what: &'static str,
    starts: &'static [&'static str],
    letters: Letters,
    min: usize,
    max: usize,
) -> Vendor {
    Vendor { what, starts, letters, min, max }
}

/// No upper bound that anybody states.
const ANY: usize = 4096;

/// Facts of each vendor's documentation and of what gitleaks and trivy look for.
pub const VENDORS: &[Vendor] = &[
    of("an AWS access key id", &["AKIA", "ASIA", "ABIA", "ACCA"], BASE32, 16, 16),
    of("a GitHub token", &["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], ALNUM, 36, 255),
    of("a GitHub token", &["github_pat_"], WORD, 82, 255),
    of(
        "a GitLab token",
        &["glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "gloas-", "glsoat-", "glagent-", "glft-", "glimt-"],
        DOTTED,
        20,
        300,
    ),
    of("a Slack token", &["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxe-", "xoxe."], DOTTED, 24, 400),
    of("a Slack app token", &["xapp-"], DASHED, 24, 400),
    of("a Slack webhook", &["hooks.slack.com/services/", "hooks.slack.com/workflows/"], SLASHED, 40, 90),
    of("a Discord webhook", &["discord.com/api/webhooks/", "discordapp.com/api/webhooks/"], SLASHED, 70, 110),
    of("a Google API key", &["AIza"], DASHED, 35, 35),
    of("a Google OAuth token", &["ya29."], DASHED, 30, ANY),
    of("a Google client secret", &["GOCSPX-"], DASHED, 28, 28),
    of(
        "a Stripe key",
        &["sk_live_", "sk_test_", "sk_prod_", "rk_live_", "rk_test_", "rk_prod_"],
        ALNUM,
        10,
        120,
    ),
    of("a Stripe webhook secret", &["whsec_"], BASE64, 32, 80),
    of("an Anthropic key", &["sk-ant-api03-", "sk-ant-admin01-", "sk-ant-oat01-"], DASHED, 80, 130),
    of("an npm token", &["npm_"], ALNUM, 36, 36),
    of("a PyPI token", &["pypi-AgEIcHlwaS5vcmc"], DASHED, 50, ANY),
    of("a RubyGems key", &["rubygems_"], HEX, 48, 48),
    of("an Azure storage key", &["AccountKey=", "SharedAccessKey="], BASE64, 43, 88),
    of("a Vault token", &["hvs."], DASHED, 24, 300),
    of("a Vault token", &["hvb."], DASHED, 100, 400),
    of("a Doppler token", &["dp.pt.", "dp.st.", "dp.ct.", "dp.sa.", "dp.scim."], DOTTED, 40, 80),
    of("a 1Password token", &["ops_eyJ"], DASHED, 250, ANY),
    of("a Hugging Face token", &["hf_"], ALNUM, 34, 40),
    of("a Databricks token", &["dapi"], HEX, 32, 32),
    of("a DigitalOcean token", &["dop_v1_", "doo_v1_", "dor_v1_"], HEX, 64, 64),
    of("a Grafana token", &["glsa_"], WORD, 41, 41),
    of("a Grafana Cloud token", &["glc_"], BASE64, 60, 400),
    of("a SendGrid key", &["SG."], DOTTED, 66, 66),
    of("a Twilio key", &["SK"], HEX, 32, 32),
    of("a Shopify token", &["shpat_", "shpca_", "shppa_", "shpss_"], HEX, 32, 32),
    of("a Heroku key", &["HRKU-AA"], DASHED, 58, 58),
    of("a Pulumi token", &["pul-"], HEX, 40, 40),
    of("an age key", &["AGE-SECRET-KEY-1", "AGE-SECRET-KEY-PQ-1"], UPPER, 58, 400),
    of("an age plugin identity", &["AGE-PLUGIN-"], UPPER, 20, 4000),
    of("a Mailgun key", &["key-"], HEX, 32, 32),
    of("a Linear key", &["lin_api_"], ALNUM, 40, 40),
    of("a Notion token", &["ntn_"], ALNUM, 43, 50),
    of("an Atlassian token", &["ATATT3xFfGF0"], BASE64, 100, 300),
    of("a New Relic key", &["NRAK-"], UPPER, 27, 27),
    of("a Sentry token", &["sntrys_eyJ"], BASE64, 80, 400),
    of("a Docker Hub token", &["dckr_pat_", "dckr_oat_"], DASHED, 27, 40),
    of("a PlanetScale token", &["pscale_tkn_", "pscale_pw_"], DOTTED, 32, 64),
    of("a Postman key", &["PMAK-"], DASHED, 59, 59),
    of("a Square token", &["sq0csp-", "sq0atp-"], DASHED, 22, 43),
    of("a Tailscale key", &["tskey-auth-", "tskey-api-", "tskey-client-"], DASHED, 20, 64),
    of("a Supabase token", &["sbp_"], HEX, 40, 40),
    of("a Replicate token", &["r8_"], ALNUM, 37, 37),
    of("a Groq key", &["gsk_"], ALNUM, 52, 52),
    of("an xAI key", &["xai-"], ALNUM, 80, 80),
    of("a Perplexity key", &["pplx-"], ALNUM, 48, 56),
    of("an Artifactory key", &["AKCp"], ALNUM, 69, 69),
    of("a Buildkite token", &["bkua_"], HEX, 40, 40),
    of("a CircleCI token", &["CCIPAT_"], WORD, 40, 80),
    of("a Netlify token", &["nfp_"], ALNUM, 36, 40),
    of("a Figma token", &["figd_"], DASHED, 40, 44),
    of("a SonarQube token", &["sqp_", "squ_", "sqa_"], HEX, 40, 40),
    of("a Dynatrace token", &["dt0c01."], DOTTED, 89, 89),
    of("a Prefect key", &["pnu_"], ALNUM, 36, 36),
    of("a Cloudflare key", &["v1.0-"], DASHED, 160, 180),
    of("a Fly token", &["FlyV1 fm2_", "fo1_"], BASE64, 43, 800),
];
