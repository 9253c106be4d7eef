using System.Security.Cryptography;
using FhirCarePlan.Care;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Fhir.Validation;
using FhirCarePlan.Fhir.Validation.Choosing;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Auditing;
using FhirCarePlan.Server.Authentication;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Elsewhere;
using FhirCarePlan.Server.Governance;
using FhirCarePlan.Server.Guide;
using FhirCarePlan.Server.Guide.Suppliers;
using FhirCarePlan.Server.Http;
using FhirCarePlan.Server.Http.Limits;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.OpenApi;
using FhirCarePlan.Server.Opinions;
using FhirCarePlan.Server.Preparing;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Settings;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Sharing;
using FhirCarePlan.Storage;
using FhirCarePlan.Storage.Postgres;
using FhirCarePlan.Storage.Sqlite;

namespace FhirCarePlan.Server;

/// <summary>Where the parts are put together: what each is made of, in one place.</summary>
public static class Services
{
    public static void AddFhirCarePlan(this IServiceCollection services, ServerSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton(settings.Clock.Clock);
        services.AddSingleton(settings.Addresses);
        services.AddSingleton<OwnAddresses>();
        services.AddSingleton(TypesOf(settings));
        services.AddSingleton(new SizeLimits(Answer: settings.Limits.AnswerBytes));
        services.AddSingleton(_ => Definitions.Load(settings.Profiles, settings.Packages));
        services.AddSingleton(services => services.GetRequiredService<Definitions>().Own);
        services.AddSingleton(_ => TableOf(settings));
        services.AddSingleton<GuidePackage>();
        services.AddSingleton(_ => new GuideSamples(settings.Samples));
        services.AddSingleton(_ => RequirementList.Read(settings.Profiles));
        services.AddSingleton(_ => RuleTexts.Read(settings.Profiles));
        services.AddSingleton(_ => IssueTexts.Read(settings.Profiles));
        services.AddSingleton<Asking>();
        services.AddSingleton<StartPage>();
        services.AddSingleton<SecurityPage>();
        services.AddSingleton<ViewsPage>();
        services.AddSingleton<ErrorsPage>();
        services.AddSingleton<ChangesPage>();
        services.AddSingleton<AgreementPage>();
        services.AddSingleton<SupplierPages>();
        services.AddSingleton<GuideRoutes>();
        services.AddSingleton<AgreementMatrix>();
        services.AddSingleton<SharingRoutes>();
        services.AddSingleton<Landing>();
        services.AddSingleton(services => ParametersOf(services.GetRequiredService<FhirPackage>()));
        services.AddSingleton(_ => settings.Authentication.HasDevIssuer ? AgreementPersonas.Admit(LoadProtocol(settings)) : LoadProtocol(settings));
        services.AddSingleton<AgreementNow>();
        services.AddHostedService<AgreementWatch>();
        services.AddSingleton(StoreOf);
        services.AddHostedService(services => new LedgerRetention(services.GetRequiredService<IStore>(), settings.Ledger.KeepDays,
            settings.Clock.Clock, services.GetRequiredService<ILogger<LedgerRetention>>()));
        // Who works on an import shows in real time.
        services.AddHostedService(services => new ImportWorker(services.GetRequiredService<Pipeline>(), TimeProvider.System, settings.Storage.Engine == StorageEngine.Sqlite,
            services.GetRequiredService<ILogger<ImportWorker>>()));
        if (settings.Terminology is { } terminology) AddTerminology(services, terminology);
        if (settings.SecondOpinion > 0) AddSecondOpinions(services, settings);
        services.AddSingleton(services => new Readiness(services.GetRequiredService<IStore>(), settings, Generation(services)));
        services.AddSingleton(EngineOf);
        services.AddSingleton(Table.All);
        services.AddSingleton<Pipeline>();
        services.AddSingleton(CapabilitiesOf);
        AddHttp(services, settings);
    }

    /// <summary>Before the port opens: makes the data ready for the first request (bits, labels, samples).</summary>
    /// <exception cref="StartRefused">The server cannot run on these settings or data.</exception>
    public static async Task Prepare(IServiceProvider services, CancellationToken cancel)
    {
        var settings = services.GetRequiredService<ServerSettings>();
        if (MappedClaims.Misled(settings.Authentication.Mapping, services.GetRequiredService<Protocol>()) is { } misled) throw new StartRefused(misled);
        var engine = services.GetRequiredService<Engine>();
        foreach (var note in engine.Definitions.Notes) services.GetRequiredService<ILogger<Definitions>>().DefinitionNote(note);
        if (engine.Store is SqliteStore { UnreadableOverflow: > 0 and var bytes }) services.GetRequiredService<ILogger<SqliteStore>>().OverflowUnreadable(bytes);
        engine.Store.Claim(Generation(services));
        await new Relabelling(engine).Run(services.GetRequiredService<SearchParameters>().Fingerprint, cancel, settings.Storage.Relabels);
        await new Retying(engine).Run(cancel, settings.Storage.Relabels);
        if (settings is { LoadsSamples: true, Samples: { } samples })
            await new SampleLoader(services.GetRequiredService<Pipeline>(), engine, samples).Load(cancel);
    }

    /// <summary>Names the definitions that labels and index rows are made under.</summary>
    public static string Generation(IServiceProvider services) =>
        Relabelling.Of(services.GetRequiredService<Protocol>(), services.GetRequiredService<SearchParameters>().Fingerprint);

    private static void AddSecondOpinions(IServiceCollection services, ServerSettings settings)
    {
        services.AddMetrics();
        services.AddSingleton<OpinionMetrics>();
        // The judge is made by its own thread, so that the start does not wait for it.
        services.AddSingleton(services => new SecondOpinions(settings.SecondOpinion, () => new FirelySecondJudge(services.GetRequiredService<Definitions>().Packages),
            services.GetRequiredService<OpinionMetrics>(), TimeProvider.System, services.GetRequiredService<ILogger<SecondOpinions>>()));
        services.AddHostedService(services => services.GetRequiredService<SecondOpinions>());
    }

    internal static void AddTerminology(IServiceCollection services, TerminologySettings settings)
    {
        const string name = "terminology", tokens = "terminology tokens";
        var asked = Outside(services, name, settings.Timeout);
        if (settings.Credentials is { } credentials)
        {
            Outside(services, tokens, settings.Timeout);
            asked.AddHttpMessageHandler(services =>
                new ClientCredentials(credentials, () => services.GetRequiredService<IHttpClientFactory>().CreateClient(tokens), TimeProvider.System));
        }
        // Like a token's life, the wait for another server is real time.
        services.AddSingleton(services => new TerminologyServer(settings, () => services.GetRequiredService<IHttpClientFactory>().CreateClient(name),
            TimeProvider.System, services.GetRequiredService<ILogger<TerminologyServer>>()));
    }

    /// <summary>No log of addresses, which hold codes; no trace that leaves; no redirect to somebody else; no cookie.</summary>
    private static IHttpClientBuilder Outside(IServiceCollection services, string name, TimeSpan timeout) =>
        services.AddHttpClient(name, client =>
        {
            client.Timeout = timeout;
            client.MaxResponseContentBufferSize = TerminologyServer.LargestAnswer;
        }).RemoveAllLoggers().ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null, ConnectTimeout = timeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        }).SetHandlerLifetime(Timeout.InfiniteTimeSpan);

    private static IStore StoreOf(IServiceProvider services)
    {
        var storage = services.GetRequiredService<ServerSettings>().Storage;
        if (storage.Folder is { } folder) MakeFolder(folder, storage.LeastFreeMegabytes);
        var key = services.GetRequiredService<ServerSettings>().Ledger.Load();
        try
        {
            return storage.Engine == StorageEngine.Sqlite ? new SqliteStore(storage.ConnectionString, key, storage.Migrates)
                : new PostgresStore(storage.ConnectionString, key, services.GetRequiredService<TimeProvider>(), storage.Migrates);
        }
        catch (StoreRefusedException refused)
        {
            throw new StartRefused(refused.Message);
        }
        catch (IOException unreachable) when (storage.Engine == StorageEngine.Postgres)
        {
            throw new StartRefused($"Setting Storage:ConnectionString: {unreachable.Message}");
        }
        catch (ArgumentException) when (storage.Engine == StorageEngine.Postgres)
        {
            throw new StartRefused("Setting Storage:ConnectionString must have the shape `Host=HOST;Database=NAME;Username=USER;Password=…`");
        }
        catch (LedgerKeyException foreign)
        {
            throw new StartRefused($"Setting Ledger:KeyFile: {foreign.Message}. Give the key that it was begun with");
        }
    }

    private static void MakeFolder(string folder, int leastFree)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new StartRefused($"Setting Storage:ConnectionString: the folder {folder} cannot be made");
        }
        if (FreeSpace.Megabytes(folder) is { } free && free < leastFree)
            throw new StartRefused($"There are {free} MB free where the database is; there must be {leastFree} (setting Storage:LeastFreeMegabytes)");
    }

    /// <summary>What can be searched for: R4's parameters and those of our package.</summary>
    public static SearchParameters ParametersOf(FhirPackage own) => new(PackageParameters.Of(own, new Report()))
    {
        Only = new Dictionary<string, IReadOnlySet<string>> { ["AuditEvent"] = AuditParameters.Served },
    };

    private static ProfileTable TableOf(ServerSettings settings)
    {
        try
        {
            return ProfileTable.Read(settings.Profiles);
        }
        catch (InvalidDataException unreadable)
        {
            throw new StartRefused(unreadable.Message);
        }
    }

    private static Engine EngineOf(IServiceProvider services)
    {
        var settings = services.GetRequiredService<ServerSettings>();
        var store = services.GetRequiredService<IStore>();
        var clock = services.GetRequiredService<TimeProvider>();
        var parameters = services.GetRequiredService<SearchParameters>();
        var zone = settings.Clock.Zone;
        var protocol = services.GetRequiredService<Protocol>();
        var definitions = services.GetRequiredService<Definitions>();
        var own = services.GetRequiredService<OwnAddresses>();
        var extractor = new IndexExtractor(parameters, zone, clock);
        var queries = new QueryParser(parameters, zone, clock, () => own.All, definitions.All);
        var isEnforced = settings.Validation == ProfilePolicy.Enforce;
        return new Engine
        {
            Store = store,
            Agreement = services.GetRequiredService<AgreementNow>(),
            InForce = new InForce(protocol, store, clock, zone),
            Validation = new Validation(new Validator(definitions.All, clock), isEnforced ? new ProfileChoice(services.GetRequiredService<ProfileTable>()) : null, settings.RefusesUnknownProfiles,
                settings.RefusesLoadingNarratives),
            Opinions = services.GetService<SecondOpinions>(),
            Terminology = services.GetService<TerminologyServer>(),
            Rules = new Rules(isEnforced && !protocol.IsSoleParty, definitions.All.ValueSet("https://fhir.cpa.example/ValueSet/CPA-SMIDiagnosis")),
            Extractor = extractor,
            Parameters = parameters,
            Definitions = definitions,
            CatalogueSearch = new CatalogueSearch(definitions.Catalogue, extractor),
            Queries = queries,
            Restrictions = new ScopeRestrictions(queries, extractor),
            Own = own,
            Types = services.GetRequiredService<StoredTypes>(),
            Clock = clock,
            Limits = services.GetRequiredService<SizeLimits>(),
            DeletesSeveral = settings.DeletesSeveral,
            RefusesDeleteOfReferenced = settings.RefusesDeleteOfReferenced,
            Pages = new PageTokens(Secret(store, "page-key")),
            NumberKey = Secret(store, "number-key"),
            Capabilities = baseUrl => services.GetRequiredService<Capabilities>().For(baseUrl),
        };
    }

    /// <summary>A random key made once for this database.</summary>
    private static byte[] Secret(IStore store, string name)
    {
        if (store.GetSetting(name) is { } known) return Convert.FromBase64String(known);
        var made = RandomNumberGenerator.GetBytes(32);
        store.SetSetting(name, Convert.ToBase64String(made));
        return made;
    }

    private static void AddHttp(IServiceCollection services, ServerSettings settings)
    {
        services.AddCors();
        services.AddSingleton<RequestReader>();
        // As a token's life, load is real time.
        services.AddSingleton(_ => new Throttle(settings.Limits, TimeProvider.System));
        services.AddSingleton<HttpReading>();
        services.AddSingleton<FhirEndpoint>();
        services.AddTokens(settings.Authentication, TimeProvider.System);
        services.AddSingleton<Personas>();
        services.AddFhirDocument();
    }

    private static StoredTypes TypesOf(ServerSettings settings)
    {
        try
        {
            return new StoredTypes(settings.Types);
        }
        catch (ArgumentException unknown)
        {
            throw new StartRefused(unknown.Message);
        }
    }

    private static Protocol LoadProtocol(ServerSettings settings)
    {
        var loaded = ProtocolFolder.Load(settings.Protocols, settings.Clock.Clock.GetUtcNow());
        var protocol = loaded.Protocol ?? throw new StartRefused($"Setting Sharing:Protocols: {string.Join("; ", loaded.Issues.Where(i => i.IsError).Select(i => i.ToString()))}");
        if (settings.StartsNotInForce || new AgreementNow(protocol, settings.Clock.Clock).Alarm is not { } alarm) return protocol;
        throw new StartRefused($"Setting Sharing:Protocols: {alarm} To start all the same, set Sharing:NotInForce to `Start`");
    }

    private static Capabilities CapabilitiesOf(IServiceProvider services)
    {
        var parameters = services.GetRequiredService<SearchParameters>();
        return new(new CapabilityFacts(
            services.GetRequiredService<StoredTypes>().All,
            parameters.For,
            services.GetRequiredService<GuidePackage>().ProfilesOf,
            services.GetRequiredService<SizeLimits>(),
            services.GetRequiredService<Protocol>().Parties.Any(p => p.ClientIds),
            services.GetRequiredService<ServerSettings>().DeletesSeveral,
            services.GetRequiredService<TimeProvider>().GetUtcNow(),
            services.GetRequiredService<InteractionTable>(),
            services.GetRequiredService<SmartConfiguration>().Addresses)
        { HasCors = services.GetRequiredService<ServerSettings>().Cors.Origins.Count > 0 });
    }
}

internal static partial class StoreLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{Bytes} bytes of the ledger's overflow could not be read: a crash cut off a row that was not acknowledged, or somebody changed the file")]
    public static partial void OverflowUnreadable(this ILogger log, long bytes);
}
