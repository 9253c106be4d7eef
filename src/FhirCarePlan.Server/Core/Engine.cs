using System.Security.Cryptography;
using System.Text;
using FhirCarePlan.Care;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Elsewhere;
using FhirCarePlan.Server.Opinions;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Core;

/// <summary>What every interaction works with, made once at start. </summary>
public sealed class Engine
{
    public required IStore Store { get; init; }
    public required InForce InForce { get; init; }
    public required AgreementNow Agreement { get; init; }
    public required Validation Validation { get; init; }
    /// <summary>Null when no second opinion is asked for.</summary>
    public SecondOpinions? Opinions { get; init; }
    /// <summary>Null where none is set.</summary>
    public TerminologyServer? Terminology { get; init; }
    public required Rules Rules { get; init; }
    public required IndexExtractor Extractor { get; init; }
    public required QueryParser Queries { get; init; }
    public required ScopeRestrictions Restrictions { get; init; }
    public required OwnAddresses Own { get; init; }
    public required SearchParameters Parameters { get; init; }
    /// <summary>Base R4, packages, and our own profiles in front.</summary>
    public required Definitions Definitions { get; init; }
    public required CatalogueSearch CatalogueSearch { get; init; }
    public required StoredTypes Types { get; init; }
    public required TimeProvider Clock { get; init; }
    public required SizeLimits Limits { get; init; }
    /// <summary>Counts imports that were asked for in this process and not begun.</summary>
    public SemaphoreSlim ImportsWaiting { get; } = new(0);
    /// <summary>`Fhir:ConditionalDelete` is `multiple`.</summary>
    public bool DeletesSeveral { get; init; }
    /// <summary>`Fhir:DeleteReferenced` is `refuse`.</summary>
    public bool RefusesDeleteOfReferenced { get; init; }
    public required PageTokens Pages { get; init; }
    /// <summary>Key of the hash under which verified NHS numbers are kept.</summary>
    public required byte[] NumberKey { get; init; }

    /// <summary>Base URL → the capability statement under it.</summary>
    public required Func<string, Answer> Capabilities { get; init; }

    /// <summary>In the store: since when views have been made as they are now.</summary>
    public const string ViewsSinceSetting = "views-since";

    private DateTimeOffset? viewsSince;

    /// <summary>The agreement and the way of labelling have been the same from then on.</summary>
    public DateTimeOffset ViewsSince => viewsSince ??= Instant.Read(Store.GetSetting(ViewsSinceSetting)) ?? DateTimeOffset.MaxValue;

    public byte[] NumberHash(string number) => HMACSHA256.HashData(NumberKey, Encoding.UTF8.GetBytes(number));
}
