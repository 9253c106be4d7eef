namespace FhirCarePlan.Client.Tests;

/// <summary>What a vendor takes with the package.</summary>
public class PackageTests
{
    /// <summary>A vendor's program must not carry our server's parts: the package stands on Hl7.Fhir alone.</summary>
    [Fact]
    public void It_knows_none_of_our_other_projects_and_no_web_framework()
    {
        var references = typeof(CpaClient).Assembly.GetReferencedAssemblies().Select(a => a.Name!).ToList();
        Assert.Contains("Hl7.Fhir.R4", references);
        Assert.DoesNotContain(references, n => n.StartsWith("FhirCarePlan.", StringComparison.Ordinal));
        Assert.DoesNotContain(references, n => n.Contains("AspNetCore", StringComparison.Ordinal)
            || n.Contains("Firely", StringComparison.Ordinal));
    }
}
