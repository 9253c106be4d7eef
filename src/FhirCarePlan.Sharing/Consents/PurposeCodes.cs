namespace FhirCarePlan.Sharing;

/// <summary>The purposes of use of v3-ActReason as R4 publishes them, each under its parent.
/// https://hl7.org/fhir/R4/v3/ActReason/cs.html</summary>
public static class PurposeCodes
{
    public const string System = "http://terminology.hl7.org/CodeSystem/v3-ActReason";

    private static readonly Dictionary<string, string> parentOf = new(StringComparer.Ordinal);

    static PurposeCodes()
    {
        Under("PurposeOfUse", "HMARKT HOPERAT HPAYMT HRESCH PATRQT PUBHLTH TREAT");
        Under("HOPERAT",
            "CAREMGT DONAT FRAUD GOV HACCRED HCOMPL HDECD HDIRECT HDM HLEGAL HOUTCOMS HPRGRP HQUALIMP HSYSADMIN MEMADMIN MILCDM PATADMIN "
            + "PATSFTY PERFMSR RECORDMGT SYSDEV TRAIN");
        Under("HSYSADMIN", "LABELING METAMGT");
        Under("SYSDEV", "HTEST");
        Under("HPAYMT", "CLMATTCH COVAUTH COVERAGE REMITADV");
        Under("COVERAGE", "ELIGDTRM ELIGVER ENROLLM MILDCRG");
        Under("HRESCH", "BIORCH CLINTRCH DSRCH POARCH TRANSRCH");
        Under("CLINTRCH", "CLINTRCHNPC CLINTRCHPC PRECLINTRCH");
        Under("PATRQT", "FAMRQT PWATRNY SUPNWK");
        Under("PUBHLTH", "DISASTER THREAT");
        Under("TREAT", "CLINTRL COC ETREAT POPHLTH");
        Under("ETREAT", "BTG ERTREAT");
    }

    public static bool IsKnown(string code) => code == "PurposeOfUse" || parentOf.ContainsKey(code);

    /// <summary>True for the code itself and its descendants.</summary>
    public static bool Includes(string wide, string? narrow)
    {
        for (var code = narrow; code is not null; code = parentOf.GetValueOrDefault(code))
            if (code == wide) return true;
        return false;
    }

    private static void Under(string parent, string codes)
    {
        foreach (var code in codes.Split(' ')) parentOf.Add(code, parent);
    }
}
