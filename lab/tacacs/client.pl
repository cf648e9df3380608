# Debian's TACACS+ client asks a server: perl client.pl PORT KEY USER PASSWORD ascii|pap|chap
use strict;
use warnings;
use Authen::TacacsPlus;

my ($port, $key, $user, $password, $kind) = @ARGV;
my %types = (ascii => 1, pap => 2, chap => 3);
my $client = Authen::TacacsPlus->new(Host => '127.0.0.1', Port => $port, Key => $key, Timeout => 5)
    or die "cannot connect: " . Authen::TacacsPlus::errmsg() . "\n";
# The data of a CHAP login are put together by the caller: identifier, challenge, response.
if ($kind eq 'chap') {
    require Digest::MD5;
    my $challenge = join '', map { chr(int(rand(256))) } 1 .. 16;
    $password = chr(1) . $challenge . Digest::MD5::md5(chr(1) . $password . $challenge);
}
my $right = $client->authen($user, $password, $types{$kind});
print $right ? "PASS\n" : "no: " . Authen::TacacsPlus::errmsg() . "\n";
