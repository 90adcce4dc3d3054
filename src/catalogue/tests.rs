use super::*;

fn shipped() -> Arc<Catalogue> {
    Catalogue::embedded().unwrap_or_else(|mistakes| panic!("{}", mistakes.iter().map(|m| format!("{m}\n")).collect::<String>()))
}

/// The shipped catalogue with one file of the organisation's own laid over it.
fn with(text: &str) -> Result<Arc<Catalogue>, String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("catalogue")).unwrap();
    std::fs::write(folder.path().join("catalogue/own.yaml"), text).unwrap();
    let strip = format!("{}/catalogue/", folder.path().display());
    Catalogue::with_folder(folder.path())
        .map_err(|mistakes| mistakes.iter().map(|m| format!("{m}\n")).collect::<String>().replace(&strip, ""))
}

fn id<'a>(catalogue: &'a Catalogue, host: &str, path: &str) -> &'a str {
    catalogue.lookup(host, path).map_or("none", |tool| &tool.id)
}

#[test]
fn every_id_of_the_contract_exists() {
    let catalogue = shipped();
    assert_eq!(catalogue.tools().len(), 300);
    for id in "chatgpt claude gemini copilot m365-copilot github-copilot perplexity le-chat deepseek grok poe character-ai deepl grammarly notion-ai cursor \
               midjourney huggingchat you-com notebooklm openai-api azure-openai anthropic-api gemini-api vertex-ai bedrock mistral-api cohere groq together \
               openrouter deepseek-api xai-api"
        .split_whitespace()
    {
        assert!(catalogue.by_id(id).is_some(), "{id}");
    }
    assert_eq!(catalogue.categories(), CATEGORIES);
}

#[test]
fn every_file_of_the_folder_is_in_the_binary() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/catalogue");
    let there: Vec<_> = files(&folder).unwrap().into_iter().map(|path| path.file_name().unwrap().to_owned()).collect();
    let mut embedded: Vec<_> = embedded::FILES.iter().map(|(name, _)| Path::new(name).file_name().unwrap().to_owned()).collect();
    embedded.sort();
    assert_eq!(there, embedded);
}

#[test]
fn every_host_of_every_tool_leads_to_that_tool() {
    let catalogue = shipped();
    for tool in catalogue.tools() {
        for pattern in &tool.hosts {
            let concrete = pattern.replace('*', "a1").replace("(ai)", "x/ai/y");
            let (host, path) =
                concrete.split_once('/').map_or((concrete.as_str(), "/".to_owned()), |(host, path)| (host, format!("/{path}")));
            assert_eq!(id(&catalogue, host, &path), tool.id, "{pattern}");
            assert_eq!(id(&catalogue, &format!("sub.{host}"), &path), tool.id, "sub.{pattern}");
            assert!(catalogue.tools_on(host).contains(&catalogue.by_id(&tool.id).unwrap()), "{pattern}");
            assert_eq!(catalogue.on_host(host) == OnHost::None, tool.tunnel, "{pattern}");
        }
    }
}

#[test]
fn real_addresses_find_their_tool() {
    let catalogue = shipped();
    for (host, path, tool) in [
        ("chatgpt.com", "/backend-api/f/conversation", "chatgpt"),
        ("chatgpt.com", "/codex/tasks", "codex-cloud"),
        ("chatgpt.com", "/backend-api/codex/responses", "codex-cloud"),
        ("files.oaiusercontent.com", "/x", "chatgpt"),
        ("sora.chatgpt.com", "/", "sora"),
        ("chatgpt-async-webps-prod-eastus-12.webpubsub.azure.com", "/", "chatgpt"),
        ("eu.api.openai.com", "/v1/responses", "openai-api"),
        ("auth.openai.com", "/", "none"),
        ("huggingface.co", "/chat/conversation/1", "huggingchat"),
        ("huggingface.co", "/chatty", "hf-spaces"),
        ("cdn-lfs-us-1.hf.co", "/model.bin", "none"),
        ("router.huggingface.co", "/v1/chat/completions", "hf-inference"),
        ("europe-west4-aiplatform.googleapis.com", "/v1/projects", "vertex-ai"),
        ("aiplatform.eu.rep.googleapis.com", "/", "vertex-ai"),
        ("storage.googleapis.com", "/", "none"),
        ("content-push.googleapis.com", "/upload/", "gemini"),
        ("bedrock-runtime.eu-central-1.amazonaws.com", "/model/x/converse", "bedrock"),
        ("bedrock-runtime-fips.us-east-1.amazonaws.com", "/", "bedrock"),
        ("vpce-1.bedrock-runtime.eu-west-1.vpce.amazonaws.com", "/", "bedrock"),
        ("s3.eu-central-1.amazonaws.com", "/", "none"),
        ("ppl-ai-file-upload.s3.amazonaws.com", "/", "perplexity"),
        ("gensparkprod.blob.core.windows.net", "/", "genspark"),
        ("other.blob.core.windows.net", "/", "none"),
        ("oneshot-free.www.deepl.com", "/v1/translate", "deepl"),
        ("res.openai.azure.com", "/openai/deployments/x/chat/completions", "azure-openai"),
        ("api.business.githubcopilot.com", "/chat/completions", "github-copilot"),
        ("github.com", "/copilot", "github-copilot"),
        ("github.com", "/rust-lang/rust", "none"),
        ("www.notion.so", "/api/v3/runInferenceTranscript", "notion-ai"),
        ("www.notion.so", "/api/v3/saveTransactions", "none"),
        ("gemeente.atlassian.net", "/gateway/api/assist/rovo/v1/chat", "atlassian-rovo"),
        ("gemeente.atlassian.net", "/browse/X-1", "none"),
        ("www.bing.com", "/images/create", "bing-chat"),
        ("www.bing.com", "/search", "none"),
        ("x.com", "/i/grok", "x-grok"),
        ("grok.x.com", "/2/grok/add_response.json", "grok"),
        ("api.cloudflare.com", "/client/v4/accounts/abc/ai/run/@cf/meta", "cf-workers-ai"),
        ("substrate.office.com", "/m365Copilot/Chathub/a@b", "m365-copilot"),
        ("substrate.office.com", "/search", "none"),
        ("figma.com", "/api/ai/generate", "figma-ai"),
        ("figma.com", "/file/1", "none"),
        ("api2.cursor.sh", "/aiserver.v1.AiService/StreamCpp", "cursor"),
        ("notchatgpt.com", "/", "none"),
        ("chatgpt.com.evil.example", "/", "none"),
    ] {
        assert_eq!(id(&catalogue, host, path), tool, "{host}{path}");
    }
    for (host, on) in
        [("github.com", OnHost::Paths), ("chatgpt.com", OnHost::Whole), ("example.org", OnHost::None), ("web.whatsapp.com", OnHost::None)]
    {
        assert_eq!(catalogue.on_host(host), on, "{host}");
    }
}

#[test]
fn own_entries_add_replace_and_take_hosts_over() {
    let catalogue = with(
        "- {id: gem-gpt, name: GemGPT, category: chat, kind: own, country: NL, hosts: [ai.voorbeeld.nl, claude.com]}\n\
         - {id: chatgpt, name: ChatGPT Edu, category: chat, hosts: [chatgpt.com]}\n",
    )
    .unwrap();
    assert_eq!(id(&catalogue, "ai.voorbeeld.nl", "/"), "gem-gpt");
    assert_eq!((id(&catalogue, "claude.com", "/"), id(&catalogue, "claude.ai", "/")), ("gem-gpt", "claude"));
    assert!(!catalogue.by_id("claude").unwrap().hosts.contains(&"claude.com".to_owned()));
    assert_eq!((id(&catalogue, "chatgpt.com", "/"), id(&catalogue, "chat.openai.com", "/")), ("chatgpt", "none"));
    assert_eq!((catalogue.by_id("chatgpt").unwrap().name.as_str(), catalogue.tools().len()), ("ChatGPT Edu", 301));
}

#[test]
fn the_shipped_files_laid_over_themselves_change_nothing() {
    let catalogue = Catalogue::with_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("policies")).unwrap();
    assert_eq!(catalogue.tools(), shipped().tools());
}

#[test]
fn every_mistake_is_reported_with_place_and_remedy() {
    let mistakes = with(
        "- id: Een\n  nmae: x\n  name: x\n  category: chta\n  kind: embeded\n  country: Nederland\n  hosts: [https://x.nl/, 'y.nl', 'Z.nl']\n  tunnel: maybe\n\
         - id: twee\n  name: y\n  category: chat\n  hosts: []\n\
         - just text\n",
    )
    .unwrap_err();
    insta::assert_snapshot!(mistakes);
}

#[test]
fn an_id_or_host_that_stands_twice_names_both_places() {
    let mistakes = with(
        "- {id: een, name: a, category: chat, hosts: [a.nl, b.nl/x]}\n- {id: een, name: a, category: chat, hosts: [c.nl]}\n- {id: drie, name: a, category: chat, hosts: [a.nl, b.nl/X]}\n",
    )
    .unwrap_err();
    insta::assert_snapshot!(mistakes);
}

#[test]
fn a_file_that_is_no_yaml_or_no_list_is_refused() {
    assert!(with("- id: [\n").unwrap_err().contains("own.yaml:"));
    assert!(with("id: x\n").unwrap_err().contains("start each tool with '- id: '"));
    assert!(with("# nothing yet\n").is_ok());
}
