using FhirCarePlan.Sharing.Smart;

namespace FhirCarePlan.Sharing.Tests.Smart;

/// <summary>https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html</summary>
public class ScopeReaderTests
{
    [Theory]
    [InlineData("patient/Observation.rs", "patient/Observation.rs")]
    [InlineData("user/*.cruds", "user/*.cruds")]
    [InlineData("system/Patient.c", "system/Patient.c")]
    [InlineData("patient/Observation.rs?category=laboratory", "patient/Observation.rs?category=laboratory")]
    [InlineData("patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory", "patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory")]
    // Version 1.
    [InlineData("patient/Observation.read", "patient/Observation.rs")]
    [InlineData("user/CarePlan.write", "user/CarePlan.cud")]
    [InlineData("system/*.*", "system/*.cruds")]
    // Beside others, in any order, and twice.
    [InlineData("openid fhirUser user/Patient.r launch patient/*.rs user/Patient.r", "patient/*.rs user/Patient.r")]
    public void Reads_both_versions(string given, string read) => Assert.Equal(read, ScopeReader.Read([given])!.Text);

    [Theory]
    [InlineData("patient/Observation.rx")]
    [InlineData("patient/Observation.sr")] // SMART wants the letters in order
    [InlineData("patient/Observation.rr")]
    [InlineData("patient/Observation.")]
    [InlineData("patient/Observation")]
    [InlineData("patient/.rs")]
    [InlineData("patient/observation.rs")]
    [InlineData("patient/Dragon.rs")]
    [InlineData("patient/Observation.Read")]
    [InlineData("Patient/Observation.rs")]
    [InlineData("patient/Observation.rs?")]
    [InlineData("patient/Observation.read?category=laboratory")] // version 1 knows no restrictions
    [InlineData("patients/Observation.rs")]
    [InlineData("practitioner/Observation.rs")]
    [InlineData("patient//Observation.rs")]
    [InlineData("launch/patient")]
    [InlineData("launch")]
    [InlineData("openid fhirUser")]
    [InlineData("/")]
    public void What_cannot_be_read_grants_nothing_and_narrows_all_the_same(string given)
    {
        Assert.Equal("", ScopeReader.Read([given])!.Text);
        Assert.Equal("user/Patient.r", ScopeReader.Read([given, "user/Patient.r"])!.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("openid profile email")]
    [InlineData("access_as_user")]
    [InlineData("https://graph.example/User.Read")]
    [InlineData("api://care/patient/Observation.rs")]
    public void Scopes_of_others_do_not_narrow(string given) => Assert.Null(ScopeReader.Read([given]));

    [Theory]
    [InlineData("user/Patient.rs", "read", "Patient", true)]
    [InlineData("user/Patient.rs", "search", "Patient", true)]
    [InlineData("user/Patient.r", "search", "Patient", false)]
    [InlineData("user/Patient.s", "read", "Patient", false)]
    [InlineData("user/Patient.rs", "read", "CarePlan", false)]
    [InlineData("user/*.u", "update", "CarePlan", true)]
    [InlineData("user/*.u", "create", "CarePlan", false)]
    [InlineData("user/*.c", "update", "CarePlan", false)]
    [InlineData("user/*.cu", "delete", "CarePlan", false)]
    [InlineData("user/*.d", "delete", "CarePlan", true)]
    public void Each_letter_covers_its_own_action(string scope, string action, string type, bool covers) =>
        Assert.Equal(covers, ScopeReader.Read([scope])!.Covers(action, type));

    [Fact]
    public void Equal_scopes_are_equal_in_any_order()
    {
        var (one, other) = (ScopeReader.Read(["user/Patient.r patient/*.s"])!, ScopeReader.Read(["patient/*.s", "user/Patient.read user/Patient.r"])!);
        Assert.NotEqual(one, other);
        Assert.Equal(one, ScopeReader.Read(["patient/*.s user/Patient.r"]));
        Assert.Equal(one.GetHashCode(), ScopeReader.Read(["patient/*.s user/Patient.r"])!.GetHashCode());
    }
}
