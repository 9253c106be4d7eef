using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace FhirCarePlan.Sharing.Labelling;

/// <summary>A clinical terminology: its address, its name, and whether a text can be one of its codes.</summary>
/// <param name="Form">Null where any text can be.</param>
/// <param name="Must">What a code must be, for whoever wrote another.</param>
public sealed record Terminology(string Address, string Name, Func<string, bool>? Form = null, string Must = "")
{
    /// <summary>Its codes tell of themselves whose they are, even if their system is not stated: `F10.2`, not `303`.</summary>
    public bool IsTelling { get; init; } = true;
}

/// <summary>The clinical terminologies by every address they are known under. HL7 names one address for each, and senders use others: an
/// OID, `https`, another case, a national edition. https://hl7.org/fhir/R4/terminologies-systems.html</summary>
public static class Terminologies
{
    public static readonly Terminology
        Snomed = new(CodeList.Snomed, "SNOMED CT", CodeForms.IsSnomed,
            "a concept's id has 6 to 18 digits, does not begin with 0, and its last digit checks the others"),
        Icd10 = new("http://hl7.org/fhir/sid/icd-10", "ICD-10", CodeForms.IsIcd10,
            "it begins with a letter and two digits, such as `F10.2`"),
        Icd11 = new("http://id.who.int/icd/release/11/mms", "ICD-11", CodeForms.IsIcd11,
            "it is like `6C40.2`, and a cluster joins such codes by `&` or `/`"),
        Icd9 = new("http://hl7.org/fhir/sid/icd-9-cm", "ICD-9-CM", CodeForms.IsIcd9, "it is like `303.90`, `V62.5` or `E950.0`")
        { IsTelling = false },
        Loinc = new("http://loinc.org", "LOINC", CodeForms.IsLoinc, "it is a number, a hyphen and a check digit, such as `75622-1`"),
        Atc = new("http://www.whocc.no/atc", "ATC", CodeForms.IsAtc, "it is like `N07BC02`, or the beginning of such a code"),
        Read2 = new("http://read.info/readv2", "Read v2", CodeForms.IsRead, "it has up to five letters, digits and dots, such as `E23..`")
        { IsTelling = false },
        Read3 = new("http://read.info/ctv3", "CTV3", CodeForms.IsRead, "it has five letters, digits and dots, such as `XE1YQ`")
        { IsTelling = false };

    /// <summary>Those of whose codes no list here speaks.</summary>
    private static readonly Terminology
        Opcs = Plain("https://fhir.hl7.org.uk/CodeSystem/OPCS-4", "OPCS-4"), Icpc = Plain("http://hl7.org/fhir/sid/icpc-2", "ICPC-2"),
        Icf = Plain("http://hl7.org/fhir/sid/icf", "ICF"), RxNorm = Plain("http://www.nlm.nih.gov/research/umls/rxnorm", "RxNorm"),
        Cpt = Plain("http://www.ama-assn.org/go/cpt", "CPT"), Pcs = Plain("http://www.cms.gov/Medicare/Coding/ICD10", "ICD-10-PCS"),
        Ndc = Plain("http://hl7.org/fhir/sid/ndc", "NDC"), IcdO = Plain("http://terminology.hl7.org/CodeSystem/icd-o-3", "ICD-O-3"),
        Hpo = Plain("http://human-phenotype-ontology.org", "HPO"), Dsm = Plain("http://www.psychiatry.org/dsm", "DSM");

    private static readonly (string Start, Terminology Of)[] starts =
    [
        ("snomed.info", Snomed), ("hl7.org/fhir/sid/icd-10-pcs", Pcs), ("hl7.org/fhir/sid/icd-10", Icd10),
        ("hl7.org/fhir/sid/icd10", Icd10),
        ("hl7.org/fhir/sid/icd-11", Icd11), ("hl7.org/fhir/sid/icd-9", Icd9), ("id.who.int/icd/release/10", Icd10),
        ("id.who.int/icd/release/11", Icd11), ("id.who.int/icd11", Icd11), ("id.who.int/icd/entity", Icd11), ("icd.who.int/browse10", Icd10),
        ("icd.who.int/browse11", Icd11), ("icd.who.int", Icd11), ("terminology.hl7.org/codesystem/icd-o", IcdO),
        ("terminology.hl7.org/codesystem/icd10pcs", Pcs),
        ("terminology.hl7.org/codesystem/icd10", Icd10), ("terminology.hl7.org/codesystem/icd-10", Icd10),
        ("terminology.hl7.org/codesystem/icd9", Icd9), ("terminology.hl7.org/codesystem/icd-9", Icd9),
        ("terminology.hl7.org/codesystem/icd11", Icd11), ("terminology.hl7.org/codesystem/icd-11", Icd11),
        ("fhir.de/codesystem/bfarm/icd-10", Icd10), ("fhir.de/codesystem/dimdi/icd-10", Icd10), ("fhir.de/codesystem/bfarm/atc", Atc),
        ("fhir.de/codesystem/dimdi/atc", Atc), ("loinc.org", Loinc), ("whocc.no", Atc), ("dmd.nhs.uk", Snomed), ("fhir.nhs.uk/id/dmd", Snomed),
        ("read.info/readv2", Read2), ("read.info/readv3", Read3), ("read.info/ctv3", Read3), ("read.info", Read2),
        ("hl7.org/fhir/sid/icpc", Icpc), ("hl7.org/fhir/sid/icf", Icf), ("hl7.org/fhir/sid/ndc", Ndc),
        ("nlm.nih.gov/research/umls/rxnorm", RxNorm),
        ("ama-assn.org/go/cpt", Cpt), ("cms.gov/medicare/coding/icd10", Pcs), ("cms.gov/medicare/coding/icd9", Icd9),
        ("fhir.hl7.org.uk/codesystem/opcs", Opcs), ("fhir.nhs.uk/id/opcs", Opcs), ("human-phenotype-ontology.org", Hpo),
        ("purl.obolibrary.org/obo/hp", Hpo), ("psychiatry.org/dsm", Dsm),
    ];

    /// <summary>OIDs and names that stand for the whole system.</summary>
    private static readonly FrozenDictionary<string, Terminology> names = new Dictionary<string, Terminology>(StringComparer.Ordinal)
    {
        ["2.16.840.1.113883.6.96"] = Snomed, ["2.16.840.1.113883.2.1.3.2.4.15"] = Snomed, ["snomed"] = Snomed, ["snomedct"] = Snomed,
        ["sct"] = Snomed, ["dmd"] = Snomed, ["2.16.840.1.113883.6.3"] = Icd10, ["2.16.840.1.113883.6.90"] = Icd10, ["icd10"] = Icd10,
        ["icd10cm"] = Icd10, ["icd10who"] = Icd10, ["icd10gm"] = Icd10, ["2.16.840.1.113883.6.4"] = Pcs, ["2.16.840.1.113883.6.347"] = Icd11,
        ["icd11"] = Icd11, ["icd11mms"] = Icd11, ["2.16.840.1.113883.6.2"] = Icd9, ["2.16.840.1.113883.6.42"] = Icd9,
        ["2.16.840.1.113883.6.103"] = Icd9, ["2.16.840.1.113883.6.104"] = Icd9, ["icd9"] = Icd9, ["icd9cm"] = Icd9,
        ["2.16.840.1.113883.6.1"] = Loinc, ["loinc"] = Loinc, ["ln"] = Loinc, ["2.16.840.1.113883.6.73"] = Atc, ["atc"] = Atc,
        ["2.16.840.1.113883.2.1.6.2"] = Read2, ["readv2"] = Read2, ["read2"] = Read2, ["ctv3"] = Read3, ["readv3"] = Read3,
        ["2.16.840.1.113883.6.88"] = RxNorm, ["2.16.840.1.113883.6.12"] = Cpt, ["2.16.840.1.113883.6.254"] = Icf,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private const int Remembered = 2000;
    private static readonly ConcurrentDictionary<string, Terminology?> found = new(StringComparer.Ordinal);

    public static IEnumerable<Terminology> All => starts.Select(s => s.Of).Distinct();

    /// <summary>Null for none, and for a system that is no clinical terminology known here.</summary>
    public static Terminology? Of(string? system)
    {
        if (string.IsNullOrEmpty(system)) return null;
        if (found.TryGetValue(system, out var known)) return known;
        known = Find(Plain(system));
        if (found.Count < Remembered) found[system] = known;
        return known;
    }

    /// <summary>The address without what senders vary: scheme, `www.`, case, blanks, version, a slash at the end.</summary>
    public static string Plain(string system)
    {
        var text = CodeText.Fold(system).Trim().ToLowerInvariant();
        if (text.IndexOf('|') is >= 0 and var version) text = text[..version];
        foreach (var start in (ReadOnlySpan<string>)["http://", "https://", "urn:oid:", "oid:", "urn:", "//", "www."])
            if (text.StartsWith(start, StringComparison.Ordinal)) text = text[start.Length..];
        return text.TrimEnd('/', '#', ' ', '.');
    }

    private static Terminology? Find(string plain)
    {
        foreach (var (start, of) in starts)
            if (plain.StartsWith(start, StringComparison.Ordinal)) return of;
        return names.GetValueOrDefault(plain) ?? names.GetValueOrDefault(string.Concat(plain.Where(char.IsAsciiLetterOrDigit)));
    }

    private static Terminology Plain(string address, string name) => new(address, name) { IsTelling = false };
}
