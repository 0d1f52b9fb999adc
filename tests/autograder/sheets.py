# ruff: noqa: E501 - a sheet's lines are long
"""A gradebook of Canvas's, a worksheet of Moodle's and a class list, as they are downloaded."""

CANVAS = '''\
Student,ID,SIS User ID,SIS Login ID,Section,Ch98 Other (700),"Ch99: Tiny, the smallest (701)",Current Score
,,,,,,Manual Posting,
    Points Possible,,,,,10,5,(read only)
"Lovelace, Ada",11,N1,ada@uni.example,A,7,,71.5
"Babbage, ""Bob""",12,N2,bob@uni.example,A,,1.5,
"=""=Eve""",13,N3,eve@uni.example,A,,,
"Idle, Ida",14,N4,ida@uni.example,"A, B",,,
"Excused, Eddy",15,N5,eddy@uni.example,B,,EX,
"Student, Test",99,,4f3c,A,,,
'''
MOODLE = """\
Identifier,Full name,ID number,Email address,Status,Grade,Maximum grade,Grade can be changed,\
Last modified (submission),Last modified (grade),Feedback comments
Participant 501,Ada Lovelace,N1,ada@uni.example,Submitted for grading,,5.00,Yes,"Wednesday, 2 January \
2030, 9:00 PM",-,
Participant 502,Bob Babbage,N2,bob@uni.example,Submitted for grading,1.50,5.00,Yes,-,-,"<p>Good,
but…</p>"
Participant 503,Eve Émile,N3,eve@uni.example,No submission,,5.00,Yes,-,-,
Participant 504,Ida Idle,N4,ida@uni.example,No submission,,5.00,Yes,-,-,
Participant 505,Eddy Excused,N5,eddy@uni.example,Submitted for grading,2.00,5.00,No,-,-,
"""
STUDENTS = """\
id,name,email,canvas_id
ada,Ada Lovelace,ada@uni.example,11
bob,Bob Babbage,bob@uni.example,12
eve,Eve Émile,eve@uni.example,13
ida,Ida Idle,ida@uni.example,14
eddy,Eddy Excused,eddy@uni.example,15
zoe,Zoe Zero,zoe@uni.example,16
"""
