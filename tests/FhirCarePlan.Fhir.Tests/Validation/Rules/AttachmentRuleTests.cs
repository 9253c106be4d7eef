namespace FhirCarePlan.Fhir.Tests.Validation.Rules;

public class AttachmentRuleTests
{
    [Theory]
    [InlineData(""" "data":"aGVsbG8=","size":5""")]
    [InlineData(""" "data":"aGVs bG8=","size":5,"hash":"qvTGHdzF6KLavt4PO0gs2a6pQ00=" """)]
    [InlineData(""" "data":"aGVsbG8=","size":8""", "attachment-size Patient.photo[0].size")]
    [InlineData(""" "data":"aGVsbG8=","hash":"qvTGHdzF6KLavt4PO0gs2a6pQ0w=" """, "attachment-hash Patient.photo[0].hash")]
    [InlineData(""" "data":"aGVsbG8=","hash":"aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d" """, "attachment-hash Patient.photo[0].hash")] // hexadecimal
    [InlineData(""" "url":"http://a.example/x","size":8,"hash":"qvTGHdzF6KLavt4PO0gs2a6pQ00=" """)]
    public void Size_and_hash_are_those_of_the_data(string parts, params string[] errors) => Assert.Equal(errors,
        Check.Base($$"""{"resourceType":"Patient","photo":[{"contentType":"text/plain",{{parts}}}]}""").Errors());

    [Fact]
    public void Of_much_data_too()
    {
        var bytes = new byte[100_001];
        Assert.Empty(Check.Base($$"""
            {"resourceType":"Patient","photo":[{"contentType":"text/plain","data":"{{Convert.ToBase64String(bytes)}}","size":100001,"hash":"{{Convert.ToBase64String(System.Security.Cryptography.SHA1.HashData(bytes))}}"}]}
            """).Errors());
    }
}
