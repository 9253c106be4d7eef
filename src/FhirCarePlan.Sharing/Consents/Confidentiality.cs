namespace FhirCarePlan.Sharing;

/// <summary>Confidentiality codes in order. https://hl7.org/fhir/R4/v3/Confidentiality/cs.html</summary>
public static class Confidentiality
{
    public const string System = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";

    private const string Order = "ULMNRV";

    public static bool IsCode(string code) => code.Length == 1 && Order.Contains(code[0]);

    /// <summary>0 for `U` to 5 for `V`; `N` is what unlabelled content has.</summary>
    public static int LevelOf(string code) => Order.IndexOf(code[0]);

    public static int Normal { get; } = LevelOf("N");
    public static int Restricted { get; } = LevelOf("R");
    public static int VeryRestricted { get; } = LevelOf("V");
}
